/** The scenes in Chromium. */
import { describe, test } from "node:test";
import { scenes } from "./scenes.ts";
import { useStage } from "./stage.ts";

describe("in Chromium", () => {
  for (const scene of useStage("chromium", scenes)) test(...scene);
});
