/** What an event changes of uploads and attachments, beside what `reduce` says: for dialects that know files. Pure. */
import type { Changes, Chat } from "../chat.ts";
import type { SessionEvent } from "../event.ts";
import type { Attachment, Upload } from "../rich.ts";

/** `changes` are those that `reduce` makes of the event. */
export function reduceFiles(chat: Readonly<Chat>, event: SessionEvent, changes: Changes): Changes {
  const uploads = chat.state.uploads ?? [];
  const toUploads = (next: readonly Upload[]): Changes =>
    next.length === uploads.length ? changes : withUploads(changes, next);

  switch (event.type) {
    case "restored":
      return withUploads(changes, event.uploads);
    case "upload":
      return withUploads(changes, put(uploads, event.upload));
    case "detached":
      return toUploads(uploads.filter(({ id }) => id !== event.upload));
    case "sending": {
      const ids = event.message.attachments?.map(({ id }) => id) ?? [];
      return toUploads(uploads.filter(({ attachment = "" }) => !ids.includes(attachment)));
    }
    case "link": {
      const { attachment, url } = event;
      const isIt = ({ id }: Attachment) => id === attachment;
      const messages = [...chat.messages.values()]
        .filter(({ attachments }) => attachments?.some(isIt))
        .map((message) => ({
          ...message,
          attachments: message.attachments?.map((each) => (isIt(each) ? { ...each, url } : each)),
        }));
      return messages.length > 0 ? { ...changes, messages } : changes;
    }
    case "began-anew":
      return toUploads([]);
    default:
      return changes;
  }
}

const withUploads = (changes: Changes, uploads: readonly Upload[]): Changes => ({
  ...changes,
  state: { ...changes.state, uploads },
});

const put = (uploads: readonly Upload[], upload: Upload): readonly Upload[] =>
  uploads.some(({ id }) => id === upload.id)
    ? uploads.map((each) => (each.id === upload.id ? { ...each, ...upload } : each))
    : [...uploads, upload];
