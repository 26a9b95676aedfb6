/** The panel: header, transcript, notice and composer. */
import { html, nothing, type TemplateResult } from "lit";
import { toSentence } from "../texts.ts";
import { composer } from "./composer.ts";
import { header } from "./header.ts";
import { chatIcon } from "./icons.ts";
import type { Model } from "./model.ts";
import { notice } from "./notice.ts";
import { transcript } from "./transcript.ts";

export function panel(model: Model): TemplateResult {
  const { open, error, consent, texts, panelKey, chunks, state } = model;
  const question = consent.isMissing && chunks.views.asking;
  const { expiresAt, features, reason } = state;
  const extras = expiresAt || /clear|sign|moved/i.test(`${features}${reason?.code}`) ? chunks.get("extras") : undefined;
  return html`<section class="panel" part="panel" role="dialog" aria-label=${texts.chat} ?hidden=${!open} @keydown=${panelKey} @keyup=${panelKey} @keypress=${panelKey}>${header(model)}${extras?.(model)}${
    question
      ? question(model, chatIcon, consent.grant)
      : error
        ? html`<div class="empty" role="alert">${chatIcon}<span>${toSentence(texts, error)}</span></div>`
        : consent.isMissing
          ? nothing
          : html`${transcript(model)}<div class="foot">${notice(model)}${composer(model)}</div>`
  }<slot name="footer"></slot></section>`;
}
