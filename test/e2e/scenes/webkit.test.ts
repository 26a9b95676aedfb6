/** The scenes in WebKitGTK. */
import { describe, test } from "node:test";
import { scenes } from "./scenes.ts";
import { useStage } from "./stage.ts";

describe("in WebKitGTK", () => {
  const play = useStage("webkit");
  for (const [name, scene] of Object.entries(scenes)) test(name, () => play(scene));
});
