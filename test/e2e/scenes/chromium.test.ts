/** The scenes in Chromium. */
import { describe, test } from "node:test";
import { scenes } from "./scenes.ts";
import { useStage } from "./stage.ts";

describe("in Chromium", () => {
  const play = useStage("chromium");
  for (const [name, scene] of Object.entries(scenes)) test(name, () => play(scene));
});
