/** The view that asks for consent: in the panel before anything is kept or connected. A chunk of its own. */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import { CONSENT_TEXTS } from "../texts-consent.ts";
import type { PlainModel } from "./plain-model.ts";

export const styles = /* css */ `
.ask{padding:24px 32px}
.ask:focus{outline:0}
.ask b{margin-block-start:6px;font-size:19px}
.answers{display:flex;flex-direction:column;gap:10px;padding:12px 4px 4px}
.answers button{height:44px;border-radius:22px;background:var(--accent);color:var(--on-accent);font-weight:600}
.answers .quiet{align-self:auto;height:36px;background:none;color:var(--accent-text);font-weight:400}
@media (hover:hover){.answers .quiet:hover{background:var(--hover)}}
@media (forced-colors:active){.answers button{border:1px solid}}
`;

export const create = ({ html, root, update }: Kit) => {
  // Who has opened the chat before it came. The focus is on the question and not on its answer: a key that is held down
  // must not agree.
  update().then(() => root.activeElement && root.querySelector<HTMLElement>(".ask")?.focus({ preventScroll: true }));

  return ({ texts, toggle }: PlainModel, icon: TemplateResult, agree: () => void): TemplateResult => {
    // The page's own sentences win.
    const { consentTitle, consent, consentAgree, consentDecline } = { ...CONSENT_TEXTS, ...texts };
    return html`<div class="empty ask" tabindex="-1" role="group" aria-labelledby="ask" aria-describedby="kept">${icon}<b id="ask">${consentTitle}</b><span id="kept">${consent}</span></div>
    <div class="foot"><div class="answers"><button @click=${agree}>${consentAgree}</button><button class="quiet" @click=${toggle}>${consentDecline}</button></div></div>`;
  };
};
