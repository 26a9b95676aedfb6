/** The typing indicator: three dots where the answer will stand. */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { toLaterTexts } from "./texts-later.ts";

export const createTyping =
  ({ html, face, fill }: Kit) =>
  ({ state: { typing, answerer }, texts }: PlainModel): TemplateResult => {
    const name = typing?.name ?? answerer?.name;
    const label = fill(toLaterTexts(texts).writing, name ?? texts.somebody);
    return html`<div class="row last">${face({ ...answerer, name })}<div class="bubble dots" role="img" aria-label=${label}><i></i><i></i><i></i></div></div>`;
  };
