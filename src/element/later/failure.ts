/** The line under a message that was not sent, or perhaps not: why, and what the guest can do. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { toLaterTexts } from "./texts-later.ts";

export const createFailure =
  ({ html, nothing, canWrite, toReason }: Kit) =>
  ({ delivery, id, error }: Message, { texts, state, ask }: PlainModel): TemplateResult => {
    const { unconfirmed, sendAgain, remove } = toLaterTexts(texts);
    const failed = delivery === "failed";
    // What may have arrived cannot be taken back.
    return html`<div class="state bad"><span>${failed ? texts.notSent : unconfirmed} ${error && toReason(texts, error)}</span><span>${
      canWrite(state.phase)
        ? html`<button @click=${() => ask({ type: "retry", message: id })}>${failed ? texts.tryAgain : sendAgain}</button>`
        : nothing
    } ${failed ? html`<button @click=${() => ask({ type: "cancel", message: id })}>${remove}</button>` : nothing}</span></div>`;
  };
