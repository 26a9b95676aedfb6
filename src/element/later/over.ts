/** What stands in the place of the box to write in when the conversation is over: the way to a new one. */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { toLaterTexts } from "./texts-later.ts";

export const createOver =
  ({ html }: Kit) =>
  ({ texts, ask }: PlainModel): TemplateResult =>
    html`<div class="over" part="composer"><span>${texts.over}</span><button @click=${() => ask({ type: "start-new" })}>${toLaterTexts(texts).startNew}</button></div>`;
