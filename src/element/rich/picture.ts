/** Pictures in messages: only from safe addresses, fetched when they come into sight; a broken one leaves no hole. */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";

/** Shows a picture in the shape that its class gives it, before and after it has come. */
export type Picture = (url: string | undefined, shape: string, alt?: string) => TemplateResult | symbol;

/** https, or from where the page itself is. */
export function toSafeUrl(url = ""): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin, href } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && origin === location.origin) ? href : undefined;
}

/** `onBroken` is told of each picture that cannot be had, once. */
export function createPicture({ html, nothing, update }: Kit, onBroken?: (url: string) => void): Picture {
  const broken = new Set<string>();
  return (url, shape, alt = "") => {
    const src = toSafeUrl(url);
    if (!src || broken.has(src)) return nothing;
    const onError = () => {
      broken.add(src);
      onBroken?.(url as string);
      update();
    };
    return html`<span class="picture ${shape}"><img src=${src} alt=${alt} loading="lazy" decoding="async" referrerpolicy="no-referrer" @error=${onError}></span>`;
  };
}
