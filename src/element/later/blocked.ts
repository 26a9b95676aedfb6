/** The row that says that this browser keeps nothing of the conversation. */
import type { TemplateResult } from "lit";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";

export const createBlocked =
  ({ html, toReason }: Kit) =>
  ({ texts }: PlainModel): TemplateResult =>
    html`<div class="sys">${toReason(texts, { code: "CHAT_STORAGE_BLOCKED" })}</div>`;
