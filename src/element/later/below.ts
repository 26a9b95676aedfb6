/** The button that says that something is new below what is seen, and goes there. */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { toLaterTexts } from "./texts-later.ts";

export const createBelow =
  ({ html, downIcon }: Kit) =>
  ({ transcript, texts }: PlainModel): TemplateResult =>
    html`<button class="below" @click=${transcript.toEnd}>${toLaterTexts(texts).newMessages} ${downIcon}</button>`;
