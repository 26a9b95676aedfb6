/** The typing indicator: three dots where the answer will stand. */
import { html, type TemplateResult } from "lit";
import { fill } from "../texts.ts";
import { face } from "./face.ts";
import type { Model } from "./model.ts";

export function typing({ state: { typing, answerer }, texts }: Model): TemplateResult {
  const name = typing?.name ?? answerer?.name;
  return html`<div class="row last">${face({ ...answerer, name })}<div class="bubble dots" role="img" aria-label=${fill(texts.writing, name ?? texts.somebody)}><i></i><i></i><i></i></div></div>`;
}
