/** Files on their way up: the button that takes them, a row for each, and how they go with a message. A chunk of its own. */
import type { TemplateResult } from "lit";
import type { Command } from "../../chat/command.ts";
import type { Upload } from "../../chat/rich.ts";
import type { Kit } from "../kit.ts";
import { toKind, toSize } from "../rich/file-text.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { listenForFiles } from "./drop.ts";
import { uploadStyles } from "./styles-uploads.ts";
import { toUploadTexts } from "./texts-uploads.ts";

export const styles = uploadStyles;

export const create = (kit: Kit) => {
  const { html, nothing, fill, toReason, update } = kit;
  /** As last shown. */
  let model: PlainModel | undefined;
  let isOver = false;
  /** What this tab has given, for another attempt: a session keeps no file that has failed. */
  let given: File[] = [];
  /** Uploads that were sent when they were up: they stay in the state until the session has made a message of them. */
  const sent = new Set<string>();

  const shown = (): Upload[] => (model?.state.uploads ?? []).filter(({ id }) => !sent.has(id));
  const isUp = ({ phase }: Upload) => phase === "uploaded";
  /** What Send concerns, what is up first: a text goes with it. */
  const sendable = (): Upload[] => {
    const all = shown().filter(({ phase, wanted }) => phase !== "failed" && !wanted);
    return [...all.filter(isUp), ...all.filter((each) => !isUp(each))];
  };

  /** Not while there is no box to write in: then nothing of this is shown. */
  const isTaking = () => model?.state.features.includes("attachments") && kit.canWrite(model.state.phase);

  function take(files: Iterable<File>) {
    if (!isTaking()) return;
    for (const file of files) {
      given = [...given, file];
      model?.ask({ type: "attach", file });
    }
  }

  listenForFiles(kit, {
    take,
    over(on) {
      isOver = on && !!isTaking();
      update();
    },
  });

  /** Its name may have been made safe since. */
  const toFile = ({ bytes, mime, name }: Upload): File | undefined => {
    const alike = given.filter((file) => file.size === bytes && file.type === mime);
    return alike.find((file) => file.name === name) ?? alike[0];
  };

  function row(upload: Upload, { texts: own, times: { language }, ask }: PlainModel): TemplateResult {
    const { id, name, mime, bytes, phase, progress, wanted, error } = upload;
    const texts = toUploadTexts(own);
    const whole = toSize(bytes, language);
    const file = phase === "failed" && toFile(upload);
    const retry = (again: File) => {
      ask({ type: "detach", upload: id });
      ask({ type: "attach", file: again });
    };
    const line =
      phase === "failed"
        ? error && toReason(own, error)
        : phase === "uploaded"
          ? fill(texts.ready, whole)
          : `${fill(fill(texts.ofBytes, toSize(progress * bytes, language)), whole)}${wanted ? ` · ${texts.wanted}` : ""}`;
    return html`<li class="upload ${phase}"><span class="kind" aria-hidden="true">${toKind(name, mime)}</span><span class="about"><b dir="auto">${name}</b><small>${line}</small>${
      phase === "uploading"
        ? html`<progress aria-label=${fill(texts.uploading, name)} max="1" .value=${progress}></progress>`
        : nothing
    }</span>${
      file
        ? html`<button type="button" class="icon" aria-label=${fill(texts.retryFile, name)} @click=${() => retry(file)}>${again}</button>`
        : nothing
    }<button type="button" class="icon" aria-label=${fill(phase === "uploading" ? texts.cancelFile : texts.removeFile, name)} @click=${() => ask({ type: "detach", upload: id })}>${cross}</button></li>`;
  }

  /** Progress is no news for those who hear it: that it is done, or why it is not. */
  const toNews = ({ name, phase, bytes, wanted, error }: Upload, { texts: own, times }: PlainModel): string => {
    const texts = toUploadTexts(own);
    const news =
      phase === "failed"
        ? error && toReason(own, error)
        : phase === "uploaded"
          ? fill(texts.ready, toSize(bytes, times.language))
          : wanted && texts.wanted;
    return news ? `${name}: ${news}` : "";
  };

  const clip = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="m19.5 11-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5L13 4.5a3 3 0 0 1 4.3 4.3l-7.5 7.5a1.5 1.5 0 0 1-2.1-2.1l6.8-6.8"/></svg>`;
  const cross = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="m7 7 10 10M17 7 7 17"/></svg>`;
  const again = html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M19 12a7 7 0 1 1-2-5l2 2m0-4.5V9h-4.5"/></svg>`;

  const choose = ({ currentTarget }: Event) =>
    ((currentTarget as Element).nextElementSibling as HTMLInputElement).click();
  const chosen = ({ target }: Event) => {
    const input = target as HTMLInputElement;
    take([...(input.files ?? [])]);
    // The same file, chosen again, is a change only then.
    input.value = "";
  };

  return {
    /** There is something to send beside a text. */
    hasFiles: (): boolean => sendable().length > 0,

    /**
     * Sends a text with all that is shown; what is still on its way follows when it is up. A message holds one file, so the
     * text goes with the first. Rejects as `send` does.
     */
    async send(text: string, send: (command: Command) => Promise<unknown>): Promise<void> {
      const all = sendable();
      const ids: (string | undefined)[] = all.length ? all.map(({ id }) => id) : [undefined];
      const up = all.filter(isUp);
      for (const { id } of up) sent.add(id);
      try {
        await Promise.all(ids.map((attachment, at) => send({ type: "send", text: at ? "" : text, attachment })));
      } catch (error) {
        for (const { id } of up) sent.delete(id);
        throw error;
      }
    },

    button(now: PlainModel): TemplateResult {
      model = now;
      const { types = [] } = now.state.uploadRules ?? {};
      const name = toUploadTexts(now.texts).attach;
      return html`<button type="button" class="icon clip" aria-label=${name} title=${name} @click=${choose}>${clip}</button><input type="file" hidden multiple accept=${types.join() || nothing} @change=${chosen}>`;
    },

    rows(now: PlainModel): TemplateResult {
      model = now;
      const texts = toUploadTexts(now.texts);
      const uploads = shown();
      return html`${uploads.length ? html`<ul class="uploads" aria-label=${texts.files}>${uploads.map((each) => row(each, now))}</ul>` : nothing}<div class="sr" role="status">${uploads
        .map((each) => toNews(each, now))
        .filter(Boolean)
        .join("\n")}</div>${isOver ? html`<div class="drop"><span>${clip}${texts.dropHere}</span></div>` : nothing}`;
    },
  };
};
