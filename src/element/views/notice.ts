/** The notice: what the guest should know about the connection, and what becomes of what he writes. */
import { html, nothing, type TemplateResult } from "lit";
import { fromErrorData } from "../../chat/error.ts";
import { toSentence } from "../texts.ts";
import type { Model } from "./model.ts";

export function notice({ state: { phase, reason }, messages, slow, texts, ask }: Model): TemplateResult {
  const failed = phase === "failed";
  const calm = !reason && !messages.length;
  const text = reason ? toSentence(texts, fromErrorData(reason)) : calm ? texts.connecting : texts.reconnecting;
  // The region stays in the page: screen readers announce changes of it, not its coming.
  // A failure before anything was said fills the transcript's place; here it is only read out.
  return html`<div role="status" class=${failed && !messages.length ? "sr" : ""}>${
    failed || slow
      ? html`<div class="notice ${calm ? "calm" : failed ? "bad" : ""}" part="notice"><span>${text}</span>${
          failed && messages.length
            ? html`<button @click=${() => ask({ type: "open" })}>${texts.tryAgain}</button>`
            : nothing
        }</div>`
      : nothing
  }</div>`;
}
