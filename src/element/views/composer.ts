/** The composer: the box to write in; when the conversation is over, the way to a new one. */
import { html, nothing, type TemplateResult } from "lit";
import { canWrite } from "../../chat/state.ts";
import { fill, toSentence } from "../texts.ts";
import { sendIcon } from "./icons.ts";
import type { Model } from "./model.ts";

export function composer(model: Model): TemplateResult {
  const { state, texts, composer: box, chunks } = model;
  if (!canWrite(state.phase)) {
    return chunks.get("later")?.over(model) ?? html`<div class="notice calm">${texts.over}</div>`;
  }
  const { draft, over, refused } = box;
  const files = state.features.includes("attachments") ? chunks.get("uploads") : undefined;
  const problem = over ? fill(texts.tooLong, over) : refused && toSentence(texts, refused);
  return html`<div role="alert" id="problem">${problem ? html`<div class="notice bad" part="notice">${problem}</div>` : nothing}</div>${files?.rows(model)}
    <form part="composer" @submit=${box.submit}>${files?.button(model)}<div class="grow" data-draft=${draft}><textarea rows="1" aria-label=${texts.message} placeholder=${texts.placeholder} dir="auto" enterkeyhint="send" aria-describedby="problem" aria-invalid=${over > 0} .value=${draft} @input=${box.input} @keydown=${box.keydown}></textarea></div><button class="send" aria-label=${texts.sendMessage} ?disabled=${!draft.trim() && !files?.hasFiles()}>${sendIcon}</button></form>`;
}
