/** What the element's own views are functions of: all that there is, and the views in chunks. */
import type { Chunks } from "../chunks.ts";
import type { ConsentController } from "../consent-controller.ts";
import type { PlainModel } from "./plain-model.ts";

export interface Model extends PlainModel {
  chunks: Chunks;
  consent: ConsentController;
}
