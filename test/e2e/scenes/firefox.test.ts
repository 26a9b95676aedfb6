/** The scenes in Firefox. */
import { describe, test } from "node:test";
import { scenes } from "./scenes.ts";
import { useStage } from "./stage.ts";

describe("in Firefox", () => {
  for (const scene of useStage("firefox", scenes)) test(...scene);
});
