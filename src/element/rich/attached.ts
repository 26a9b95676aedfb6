/** Files in messages: pictures are shown, others are rows that open them. */
import type { TemplateResult } from "lit";
import type { Message } from "../../chat/message.ts";
import type { Attachment } from "../../chat/rich.ts";
import type { Kit } from "../kit.ts";
import type { PlainModel } from "../views/plain-model.ts";
import { toKind, toSize } from "./file-text.ts";
import { createPicture, toSafeUrl } from "./picture.ts";
import { toAttachedTexts } from "./texts-attached.ts";

/** A signed link is taken for run out after so long, in ms; asking for another costs little. */
const LINK_LASTS = 5 * 60_000;

export function createAttached(kit: Kit) {
  const { html, nothing, fill, update } = kit;
  /** Of each file the newest link, and when it was had, at the latest. */
  const links = new Map<string, { url: string; at: number }>();
  /** Files whose link was asked for again, with the one before; `open` when it comes. */
  const asked = new Map<string, { url: string | undefined; open: boolean }>();
  /** Files whose picture was already asked for again: the second time it is a row. */
  const retried = new Set<string>();
  /** Files whose link was asked for in vain. */
  const failed = new Set<string>();
  let ask: PlainModel["ask"] = async () => {};

  function refresh({ id, url }: Attachment, open: boolean) {
    const asking = { url, open };
    asked.set(id, asking);
    failed.delete(id);
    update();
    void ask({ type: "refresh-link", attachment: id }).then((link) => {
      if (link !== undefined || asked.get(id) !== asking) return;
      asked.delete(id);
      failed.add(id);
      update();
    });
  }

  /** Notes the links as they are now; opens one that the guest waits for. */
  function take(attachment: Attachment, sentAt: number) {
    const { id, url } = attachment;
    const waiting = asked.get(id);
    if (waiting && waiting.url !== url) {
      asked.delete(id);
      if (url && waiting.open && toSafeUrl(url)) open(url, "_blank", "noopener,noreferrer");
    }
    const known = links.get(id);
    // The first came with its message, perhaps before this page was opened.
    if (url && url !== known?.url) links.set(id, { url, at: known ? Date.now() : Math.min(sentAt, Date.now()) });
  }

  const onClick = (attachment: Attachment) => (event: Event) => {
    if (Date.now() - (links.get(attachment.id)?.at ?? 0) < LINK_LASTS) return;
    event.preventDefault();
    refresh(attachment, true);
  };

  function show(attachment: Attachment, { from, sentAt }: Message, model: PlainModel): TemplateResult {
    const texts = toAttachedTexts(model.texts);
    const { id, name, url, mime = "", bytes } = attachment;
    take(attachment, sentAt);
    const href = toSafeUrl(url);
    const isPicture = mime.startsWith("image/") && !mime.includes("svg");
    const title = fill(texts.openFile, name);
    const inside = isPicture && href ? createShown(attachment) : nothing;
    if (inside !== nothing) {
      return html`<a class="shown" href=${href ?? nothing} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer" title=${name} aria-label="${title} (${texts.newTab})" @click=${onClick(attachment)}>${inside}</a>`;
    }
    const type = mime.split("/")[0];
    const word = type === "audio" ? texts.audio : type === "video" ? texts.video : isPicture ? texts.image : texts.file;
    const facts = [word, bytes === undefined ? "" : toSize(bytes, model.times.language)].filter(Boolean).join(", ");
    const row = html`<span class="doc" aria-hidden="true">${toKind(name, mime)}</span><span class="told"><b dir="auto">${name}</b><small class="hint">${
      asked.get(id)?.open ? texts.fetching : failed.has(id) ? texts.notHad : facts
    }</small></span>`;
    if (href) {
      return html`<a class="file" href=${href} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer" @click=${onClick(attachment)}>${row}<span class="sr">(${texts.newTab})</span></a>`;
    }
    // One's own on its way has no link yet; another's can be asked for.
    return from === "guest"
      ? html`<div class="file">${row}</div>`
      : html`<button class="file" @click=${() => refresh(attachment, true)}>${row}</button>`;
  }

  const pictures = new Map<string, ReturnType<typeof createPicture>>();
  function createShown(attachment: Attachment) {
    const { id, url, name } = attachment;
    const picture =
      pictures.get(id) ??
      createPicture(kit, (broken) => {
        if (retried.has(id)) return;
        retried.add(id);
        refresh({ ...attachment, url: broken }, false);
      });
    pictures.set(id, picture);
    return picture(url, "shot", name);
  }

  return (message: Message, model: PlainModel): TemplateResult => {
    ask = model.ask;
    return html`<div class="files">${message.attachments?.map((each) => show(each, message, model))}</div>`;
  };
}
