/**
 * What only some deployments offer: a menu to clear and to sign in, the notice before the end, taking over from elsewhere,
 * signing in again. A chunk of its own.
 */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { createExpiry } from "./expiry.ts";
import { ChatSignInEvent } from "./sign-in-event.ts";
import { toExtraTexts } from "./texts-extras.ts";

export const styles = /* css */ `
.panel .more{position:absolute;inset-block-start:15px;inset-inline-end:48px}
.head:has(~.more)>div{margin-inline-end:36px}
.menu{position:absolute;z-index:1;inset-block-start:54px;inset-inline-end:12px;display:flex;flex-direction:column;gap:4px;min-width:180px;max-width:min(280px,100% - 24px);padding:6px;border-radius:14px;background:var(--surface);box-shadow:var(--shadow),0 0 0 1px var(--line)}
.menu p{margin:6px 10px;font-size:14px}
.menu button{min-height:40px;padding:8px 12px;border-radius:10px;text-align:start}
.menu .danger{background:var(--danger);color:light-dark(#fff,oklch(18% .04 25));font-weight:600;text-align:center}
.menu .keep{text-align:center}
.news .notice{margin:8px 12px 0}
.news .notice button{padding:4px 2px;font-weight:600;text-decoration:underline;text-underline-offset:2px}
@media (hover:hover){.menu button:not(.danger):hover{background:var(--hover)}}
@media (forced-colors:active){.menu,.menu button{border:1px solid}}
`;

export const create = (kit: Kit) => {
  const { html, nothing, fill, update, root } = kit;
  const toExpiry = createExpiry(kit);
  let shown: "menu" | "sure" | undefined;

  const dots = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M5 12h0m7 0h0m7 0h0" stroke-width="3.5"/></svg>`;

  /** The focus goes to the first of what is shown, or back to the button. */
  function become(next: typeof shown) {
    shown = next;
    update().then(() => root.querySelector<HTMLElement>(next ? ".menu button" : ".more")?.focus());
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    // The panel's own Escape would close the chat.
    event.stopPropagation();
    become(undefined);
  };

  /** Nothing of the menu is left open by a click beside it. */
  root.addEventListener("click", ({ target }) => {
    if (!shown || (target instanceof Element && target.closest(".menu, .more"))) return;
    shown = undefined;
    update();
  });

  /** In the click itself: after it no browser opens the provider's window. */
  const signIn = () => root.host.dispatchEvent(new ChatSignInEvent());

  function menu({ texts: own, state, ask }: PlainModel): TemplateResult {
    const texts = toExtraTexts(own);
    const act = (command: Parameters<PlainModel["ask"]>[0]) => () => {
      ask(command);
      become(undefined);
    };
    if (shown === "sure") {
      return html`<div class="menu" role="alertdialog" aria-label=${texts.clear} aria-describedby="sure" @keydown=${onKey}><p id="sure">${texts.clearSure}</p><button class="keep" @click=${() => become(undefined)}>${texts.clearNo}</button><button class="danger" @click=${act({ type: "clear" })}>${texts.clearYes}</button></div>`;
    }
    return html`<div class="menu" role="group" aria-label=${texts.more} @keydown=${onKey}>${
      state.phase === "live" && state.features.includes("signIn")
        ? state.signedIn
          ? html`<button @click=${act({ type: "sign-out" })}>${texts.signOut}</button>`
          : html`<button @click=${() => {
              signIn();
              become(undefined);
            }}>${texts.signIn}</button>`
        : nothing
    }${
      state.features.includes("clear") ? html`<button @click=${() => become("sure")}>${texts.clear}</button>` : nothing
    }</div>`;
  }

  return (model: PlainModel): TemplateResult => {
    const { state, times, ask } = model;
    const texts = toExtraTexts(model.texts);
    const hasMenu = state.features.includes("clear")
      ? /live|readonly/.test(state.phase)
      : state.phase === "live" && state.features.includes("signIn");
    if (!hasMenu) shown = undefined;
    const expiry = state.phase === "live" ? toExpiry(state.expiresAt, times.language) : undefined;
    const code = state.reason?.code;
    const act = (label: string, action: () => void) =>
      html`<div class="notice calm"><button @click=${action}>${label}</button></div>`;
    return html`${
      hasMenu
        ? html`<button class="icon more" aria-label=${texts.more} aria-expanded=${shown !== undefined} @keydown=${shown ? onKey : nothing} @click=${() => become(shown ? undefined : "menu")}>${dots}</button>`
        : nothing
    }${shown ? menu(model) : nothing}<div class="news" role="status">${expiry ? html`<div class="notice" part="notice">${fill(texts.expires, expiry)}</div>` : nothing}${
      code === "CHAT_MOVED"
        ? act(texts.takeOver, () => ask({ type: "take-over" }))
        : code === "CHAT_SIGN_IN_NEEDED"
          ? act(texts.signIn, signIn)
          : nothing
    }</div>`;
  };
};
