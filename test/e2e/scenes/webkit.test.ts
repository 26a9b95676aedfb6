/** The scenes in WebKitGTK. */
import { describe, test } from "node:test";
import { scenes } from "./scenes.ts";
import { useStage } from "./stage.ts";

describe("in WebKitGTK", () => {
  for (const scene of useStage("webkit", scenes)) test(...scene);
});
