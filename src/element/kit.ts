/**
 * The kit: what a chunk is handed, since it imports nothing of the element's. `element.js` may have been asked for by
 * another address, and would be fetched a second time.
 */
import { html, nothing } from "lit";
import { canWrite } from "../chat/state.ts";
import { fill, toReason } from "./texts.ts";
import { face } from "./views/face.ts";
import { downIcon } from "./views/icons.ts";

export const SHARED = { html, nothing, canWrite, fill, toReason, face, downIcon };

export type Kit = typeof SHARED & {
  root: ShadowRoot;
  /** What is shown has changed; resolves when it is shown. */
  update(): Promise<unknown>;
};
