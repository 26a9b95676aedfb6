/** One message: a bubble with what belongs to it, or a line that says what happened. */
import { html, nothing, type TemplateResult } from "lit";
import { fromErrorData } from "../../chat/error.ts";
import type { Message } from "../../chat/message.ts";
import { canWrite } from "../../chat/state.ts";
import type { Place } from "../places.ts";
import { richText } from "../rich-text.ts";
import { fill, type Texts, toSentence } from "../texts.ts";
import { face } from "./face.ts";
import type { Model } from "./model.ts";
import { quickReplies } from "./quick-replies.ts";

/** What is read out of messages as they arrive: others' texts, and what happened. */
export const toSentences = (messages: readonly Message[], texts: Texts): string[] =>
  messages
    .filter(({ from, happened }) => from !== "guest" && happened !== "new-conversation")
    .map((message) =>
      message.from === "system" ? toHappening(message, texts) : [message.name, message.text].filter(Boolean).join(": "),
    );

/** The line that says what happened; as announced, too. */
const toHappening = ({ happened, name, text = "" }: Message, texts: Texts): string =>
  happened ? fill(texts[happened], name ?? texts.somebody) : text;

export const messageRow = (message: Message, { day, ...place }: Place, model: Model): TemplateResult =>
  html`${day ? html`<div class="day">${model.times.day(message.sentAt)}</div>` : nothing}${
    message.from === "system"
      ? html`<div class="sys ${message.happened ?? ""}" data-id=${message.id} dir="auto">${toHappening(message, model.texts)}</div>`
      : bubble(message, place, model)
  }`;

function bubble(message: Message, { first, last, delivery }: Omit<Place, "day">, model: Model): TemplateResult {
  const { from, id, name, text = "", quickReplies: replies } = message;
  const own = from === "guest";
  return html`${first && !own && name ? html`<div class="who"><bdi>${name}</bdi></div>` : nothing}<div class="row ${own ? "me" : ""} ${last ? "last" : ""}" data-id=${id}>${
    own ? html`<span class="sr">${model.texts.you}: </span>` : last ? face(message) : html`<i></i>`
  }<div class="bubble" part="message"><div dir="auto">${richText(text)}</div></div></div>${delivery ? deliveryLine(message, model) : nothing}${
    replies?.length ? quickReplies(message, model) : nothing
  }`;
}

function deliveryLine({ delivery, error, sentAt, id }: Message, { texts, times, state, ask }: Model): TemplateResult {
  if (delivery === "sending") return html`<div class="state late">${texts.sending}</div>`;
  if (delivery === "sent") return html`<div class="state">${fill(texts.sent, times.time(sentAt))}</div>`;
  const failed = delivery === "failed";
  // What may have arrived cannot be taken back.
  return html`<div class="state bad"><span>${failed ? texts.notSent : texts.unconfirmed} ${error && toSentence(texts, fromErrorData(error))}</span><span>${
    canWrite(state.phase)
      ? html`<button @click=${() => ask({ type: "retry", message: id })}>${failed ? texts.tryAgain : texts.sendAgain}</button>`
      : nothing
  } ${
    failed ? html`<button @click=${() => ask({ type: "cancel", message: id })}>${texts.remove}</button>` : nothing
  }</span></div>`;
}
