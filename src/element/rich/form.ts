/** A form: an introduction, pages of fields, a summary, and the answer; what was filled in stays while the page stays. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Form, FormField } from "../../chat/rich.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { createFields } from "./fields.ts";
import { createFormDraft, type FormDraft, isWrong, toAnswer, type Value } from "./form-draft.ts";
import type { PickerKit } from "./picker-kit.ts";
import { toPickerTexts } from "./texts-pickers.ts";

export function createForm(kit: PickerKit) {
  const { html, nothing, root, update, fill, heading } = kit;
  const field = createFields(kit);
  /** By message. */
  const drafts = new Map<string, FormDraft>();

  return (prefix: string, form: Form, message: Message, closed: boolean, model: PlainModel): TemplateResult => {
    const texts = toPickerTexts(model.texts);
    const { language } = model.times;
    const draft = drafts.get(message.id) ?? createFormDraft(form);
    const { page, values, wrong } = draft;
    const { pages, showSummary, introduction } = form;
    const lastPage = pages.length - (showSummary ? 0 : 1);
    const title = `${prefix}-title`;
    const change = (next: Partial<FormDraft>, focus?: string) => {
      drafts.set(message.id, { ...draft, ...next });
      const shown = update();
      if (focus) shown.then(() => root.getElementById(focus)?.focus());
    };
    const fields = pages.flatMap((each) => each.fields);
    const toPrefix = (one: FormField) => `${prefix}-${fields.indexOf(one)}`;
    const answers = () => fields.map((one) => ({ one, answer: toAnswer(one, values.get(one.id), language) }));

    function send() {
      const { cannedResponseId } = form;
      model.reply(message, {
        text: form.sentText ?? texts.formSent,
        payload: cannedResponseId ?? "form",
        answer: { type: "form", cannedResponseId, fields: answers().flatMap(({ answer }) => answer ?? []) },
      });
    }

    function next() {
      const failed = (pages[page]?.fields ?? []).filter((one) => isWrong(one, values.get(one.id)));
      if (failed[0]) change({ wrong: new Set(failed.map(({ id }) => id)) }, `${toPrefix(failed[0])}-0`);
      else if (page < lastPage) change({ page: page + 1, wrong: new Set() }, title);
      else send();
    }

    const onKey = (event: KeyboardEvent) => {
      const isLine = event.target instanceof HTMLInputElement && event.target.type !== "radio";
      if (event.key !== "Enter" || event.isComposing || !isLine) return;
      event.preventDefault();
      next();
    };
    const set = (one: FormField) => (value: Value) => {
      const left = new Set([...wrong].filter((id) => id !== one.id));
      change({ values: new Map(values).set(one.id, value), wrong: left });
    };

    const summary = () =>
      html`<dl>${answers().map(
        ({ one, answer }) =>
          html`<dt dir="auto">${one.title ?? texts.noAnswer}</dt><dd dir="auto">${answer?.text ?? texts.noAnswer}</dd>`,
      )}</dl>`;

    if (closed) {
      const known = values.size > 0;
      const name = form.title ?? introduction?.title ?? pages[0]?.title;
      return html`<div class="picker" role="group" aria-labelledby=${name ? title : nothing}>${heading({ title: name }, title)}${
        known ? summary() : nothing
      }${message.chosen === undefined ? nothing : html`<span class="done">${form.sentText ?? texts.formSent}</span>`}</div>`;
    }
    if (page < 0) {
      return html`<div class="picker" role="group" aria-labelledby=${introduction?.title ? title : nothing}>${heading(introduction ?? {}, title)}<button class="main" @click=${() => change({ page: 0 }, title)}>${introduction?.buttonText ?? texts.start}</button></div>`;
    }
    const isSummary = page >= pages.length;
    const current = pages[page];
    const name = isSummary ? texts.review : (current?.title ?? form.title ?? message.text ?? "");
    const step = fill(fill(texts.step, page + 1), lastPage + 1);
    return html`<div class="picker" role="group" aria-labelledby=${title} @keydown=${onKey}>${
      lastPage > 0
        ? html`<div class="progress"><small class="hint">${step}</small><progress aria-label=${step} max=${lastPage + 1} .value=${page + 1}></progress></div>`
        : nothing
    }${heading({ ...current, title: name }, title)}${
      isSummary
        ? summary()
        : current?.fields.map((one) =>
            field(toPrefix(one), one, {
              value: values.get(one.id),
              wrong: wrong.has(one.id),
              model,
              onChange: set(one),
            }),
          )
    }<div class="ways">${
      page > (introduction ? -1 : 0)
        ? html`<button class="quiet" @click=${() => change({ page: page - 1, wrong: new Set() }, title)}>${texts.back}</button>`
        : nothing
    }<button class="main" @click=${next}>${page < lastPage ? texts.next : texts.send}</button></div></div>`;
  };
}
