/** Cards: one, or several in a carousel. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Card, Cards } from "../../chat/rich.ts";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { createCarousel } from "./carousel.ts";
import { toLink } from "./links.ts";
import type { Picture } from "./picture.ts";
import { toCardTexts } from "./texts-cards.ts";

export function createCards(kit: Kit, picture: Picture) {
  const { html, nothing } = kit;
  const carousel = createCarousel(kit);

  const outward = (url: string, label: string, kind: string) => {
    const href = toLink(url)?.href;
    return href
      ? html`<a class=${kind} href=${href} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer">${label}</a>`
      : nothing;
  };

  function card(
    { title, description, imageUrl, url, actions }: Card,
    message: Message,
    closed: boolean,
    model: PlainModel,
  ) {
    const heading = url && toLink(url) ? outward(url, title, "") : title;
    return html`${picture(imageUrl, "wide")}<div class="said"><b dir="auto">${heading}</b>${
      description ? html`<p dir="auto">${description}</p>` : nothing
    }</div>${actions.map((action) => {
      const { text } = action;
      if (action.type === "link") return outward(action.url, text, "act");
      const { payload } = action;
      const isChosen = message.chosen === payload;
      return html`<button class="act ${isChosen ? "chosen" : ""}" ?disabled=${closed} @click=${() => model.reply(message, { text, payload, answer: { type: "card" } })}>${text}${
        isChosen ? html`<span class="sr"> (${toCardTexts(model.texts).chosen})</span>` : nothing
      }</button>`;
    })}`;
  }

  return ({ cards }: Cards, message: Message, closed: boolean, model: PlainModel): TemplateResult => {
    const [only] = cards;
    if (cards.length > 1) {
      return carousel(
        message.id,
        cards.map((each) => ({ name: each.title, body: card(each, message, closed, model) })),
        toCardTexts(model.texts),
      );
    }
    return html`<div class="card" role="group" aria-label=${only?.title ?? nothing}>${only && card(only, message, closed, model)}</div>`;
  };
}
