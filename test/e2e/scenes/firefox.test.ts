/** The scenes in Firefox. */
import { describe, test } from "node:test";
import { scenes } from "./scenes.ts";
import { useStage } from "./stage.ts";

describe("in Firefox", () => {
  const play = useStage("firefox");
  for (const [name, scene] of Object.entries(scenes)) test(name, () => play(scene));
});
