/** A carousel: cards side by side, to be swiped, scrolled, or gone through by keys and buttons. */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import type { CardTexts } from "./texts-cards.ts";

interface Slide {
  name: string;
  body: TemplateResult;
}

const isRtl = (element: Element): boolean => getComputedStyle(element).direction === "rtl";

/** The cards' places, in px from the first. */
const toPlaces = (strip: Element): number[] => {
  const slides = [...strip.children] as HTMLElement[];
  return slides.map((slide) => Math.abs(slide.offsetLeft - (slides[0]?.offsetLeft ?? 0)));
};

/** The card that stands first in sight; at the very end, the last. */
function toPosition(strip: Element): number {
  const at = Math.abs(strip.scrollLeft);
  const places = toPlaces(strip);
  if (at + strip.clientWidth >= strip.scrollWidth - 2) return places.length - 1;
  const gaps = places.map((place) => Math.abs(place - at));
  return gaps.indexOf(Math.min(...gaps));
}

function scrollTo(strip: Element, position: number): void {
  const left = toPlaces(strip)[position] ?? 0;
  const behavior = matchMedia("(prefers-reduced-motion:reduce)").matches ? "auto" : "smooth";
  strip.scrollTo({ left: isRtl(strip) ? -left : left, behavior });
}

export function createCarousel({ html, update, fill, downIcon }: Kit) {
  /** By message. */
  const positions = new Map<string, number>();

  return (id: string, slides: readonly Slide[], texts: CardTexts): TemplateResult => {
    const last = slides.length - 1;
    const position = Math.min(positions.get(id) ?? 0, last);
    const spoken = (index: number) => fill(fill(texts.position, index + 1), last + 1);
    const go = (strip: Element, to: number) => {
      const next = Math.max(0, Math.min(last, to));
      positions.set(id, next);
      scrollTo(strip, next);
      update();
    };
    const press = (step: number) => (event: Event) => {
      const strip = (event.currentTarget as Element).closest(".carousel")?.querySelector(".strip");
      if (strip) go(strip, position + step);
    };
    const onScroll = ({ currentTarget }: Event) => {
      const now = toPosition(currentTarget as Element);
      if (now === positions.get(id)) return;
      positions.set(id, now);
      update();
    };
    const onKey = (event: KeyboardEvent) => {
      const strip = event.currentTarget as Element;
      const forward = isRtl(strip) ? "ArrowLeft" : "ArrowRight";
      const targets: Record<string, number> = { ArrowLeft: position - 1, ArrowRight: position - 1, Home: 0, End: last };
      targets[forward] = position + 1;
      const to = targets[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go(strip, to);
    };
    return html`<div class="carousel" role="group" aria-roledescription=${texts.carousel} aria-label=${texts.cards}>
      <div class="strip" role="list" tabindex="0" aria-label=${texts.cards} @scroll=${onScroll} @keydown=${onKey}>${slides.map(
        ({ name, body }, index) =>
          html`<div role="listitem" aria-label="${spoken(index)}: ${name}" class="card">${body}</div>`,
      )}</div>
      <div class="steps"><button class="icon back" aria-label=${texts.previousCard} ?disabled=${position === 0} @click=${press(-1)}>${downIcon}</button><span role="status"><span class="sr">${texts.card} </span>${spoken(position)}</span><button class="icon" aria-label=${texts.nextCard} ?disabled=${position === last} @click=${press(1)}>${downIcon}</button></div>
    </div>`;
  };
}
