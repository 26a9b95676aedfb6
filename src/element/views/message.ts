/** One message: a bubble with what belongs to it, or a line that says what happened. */
import { html, nothing, type TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import { canWrite } from "../../chat/state.ts";
import type { Place } from "../places.ts";
import { fill, type Texts } from "../texts.ts";
import { face } from "./face.ts";
import type { Model } from "./model.ts";
import { more } from "./more.ts";

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

function bubble(message: Message, { first, last, delivery, old }: Omit<Place, "day">, model: Model): TemplateResult {
  const { from, id, name, text = "", content, attachments, quickReplies: replies } = message;
  const own = from === "guest";
  const rich = content || attachments?.length;
  const closed = old || message.chosen !== undefined || model.replied.has(id) || !canWrite(model.state.phase);
  return html`${first && !own && name ? html`<div class="who"><bdi>${name}</bdi></div>` : nothing}<div class="row ${own ? "me" : ""} ${last ? "last" : ""} ${rich ? "rich" : ""}" data-id=${id}>${
    own ? html`<span class="sr">${model.texts.you}: </span>` : last ? face(message) : html`<i></i>`
  }${text || !rich ? html`<div class="bubble" part="message"><div dir="auto">${toShown(text, !own && model.state.markdown, model)}</div></div>` : nothing}${
    rich ? more(message, closed, model) : nothing
  }</div>${delivery ? deliveryLine(message, model) : nothing}${
    replies?.length
      ? (model.chunks
          .get("later")
          ?.quickReplies(message, closed, model, (url) => model.chunks.get("rich")?.thumb(url)) ??
        (model.chunks.missing.has("later") ? replies.map(({ text }) => html`<div class="who">${text}</div>`) : nothing))
      : nothing
  }`;
}

/** As it is where there is nothing in it, or no chunk, to make more of it. */
const toShown = (text: string, markdown: boolean | undefined, { chunks }: Model) =>
  markdown || /:\/\/|mailto:/i.test(text) ? (chunks.get("text")?.(text, markdown) ?? text) : text;

function deliveryLine(message: Message, model: Model): TemplateResult | undefined {
  const { delivery, sentAt } = message;
  const { texts, times, chunks } = model;
  if (delivery === "sending") return html`<div class="state late">${texts.sending}</div>`;
  if (delivery === "sent") return html`<div class="state">${fill(texts.sent, times.time(sentAt))}</div>`;
  return chunks.get("later")?.failure(message, model) ?? html`<div class="state">${texts.notSent}</div>`;
}
