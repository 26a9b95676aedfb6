/**
 * The view that asks for consent: in the panel before anything is kept or connected. A chunk of its own that imports
 * nothing of the element's: `element.js` may have been asked for by another address, and would be fetched a second time.
 */
import type { html as Html, TemplateResult } from "lit";
import { CONSENT_TEXTS } from "../texts-consent.ts";

export interface Question {
  html: typeof Html;
  /** The page's own sentences win. */
  texts: object;
  icon: TemplateResult;
  agree(): void;
  decline(): void;
}

export const sheet = new CSSStyleSheet();
sheet.replaceSync(/* css */ `
.ask{padding:24px 32px}
.ask:focus{outline:0}
.ask b{margin-block-start:6px;font-size:19px}
.ask~.foot .over{border:0}
.over .quiet{height:36px;border-radius:18px;background:none;color:var(--accent-text);font-weight:400}
.over .quiet:hover{background:var(--hover)}
`);

export function asking({ html, texts, icon, agree, decline }: Question): TemplateResult {
  const { consentTitle, consent, consentAgree, consentDecline } = { ...CONSENT_TEXTS, ...texts };
  // The focus starts on the question and not on its answer: a key that is held down must not agree.
  return html`<div class="empty ask" tabindex="-1" role="group" aria-labelledby="ask" aria-describedby="kept">${icon}<b id="ask">${consentTitle}</b><span id="kept">${consent}</span></div>
    <div class="foot"><div class="over"><button @click=${agree}>${consentAgree}</button><button class="quiet" @click=${decline}>${consentDecline}</button></div></div>`;
}
