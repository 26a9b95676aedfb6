/** The transcript: all that was said, newest at the end. */
import { html, nothing, type TemplateResult } from "lit";
import { fromErrorData } from "../../chat/error.ts";
import { type Place, toPlaces } from "../places.ts";
import { toSentence } from "../texts.ts";
import { chatIcon } from "./icons.ts";
import { messageRow } from "./message.ts";
import type { Model } from "./model.ts";

export function transcript(model: Model): TemplateResult {
  const { messages, state, more, blocked, transcript: log, texts, ask, chunks } = model;
  const places = toPlaces(messages);
  const later = state.phase === "live" || log.below ? chunks.get("later") : undefined;
  // Reached by keyboard, since it scrolls. What arrives is announced elsewhere, in order and once.
  // Not keyed: the window moves by whole steps, so that rows keep their elements, and `repeat` would be 0.7 KiB.
  return html`<div class="talk"><div class="log" part="transcript" role="log" aria-live="off" aria-label=${texts.conversation} tabindex="0" @scroll=${log.scroll}>${
    state.earlier && !more
      ? html`<button class="quiet" @click=${() => ask({ type: "load-earlier" })}>${texts.earlier}</button>`
      : nothing
  }${blocked ? chunks.get("later")?.blocked(model) : nothing}${
    messages.length
      ? messages.map((message, index) => messageRow(message, places[index] as Place, model))
      : empty(model)
  }${state.typing && state.phase === "live" ? later?.typing(model) : nothing}</div>${
    log.below ? later?.below(model) : nothing
  }</div>`;
}

const empty = ({ texts, state: { phase, reason }, ask }: Model): TemplateResult =>
  phase === "failed" && reason
    ? html`<div class="empty">${chatIcon}<span>${toSentence(texts, fromErrorData(reason))}</span><button class="quiet" @click=${() => ask({ type: "open" })}>${texts.tryAgain}</button></div>`
    : phase === "ended"
      ? html`<div class="empty">${chatIcon}<span>${texts.erased}</span></div>`
      : html`<slot name="empty"><div class="empty">${chatIcon}<b>${texts.empty}</b><span>${texts.emptyMore}</span></div></slot>`;
