/** Keeps the files that are in no message yet over the end of a hub: those that are up, and the word that others are not. */
import { toErrorData } from "../../chat/failure.ts";
import { toFileFailure } from "../../chat/files/file-failure.ts";
import type { Upload } from "../../chat/rich.ts";
import { type Check, hasShape, isNumber, isOneOf, isPlain, isText, optional } from "../../shape.ts";
import type { Extended } from "../protocol.ts";

/** Shows what an earlier hub has kept. Returns what to call after each event. */
export function keepUploads({ chat, emit, keep, standing }: Extended): () => void {
  const { uploads } = standing();
  if (uploads !== undefined) emit({ type: "restored", uploads: fromKept(uploads) });
  let kept = toKept();

  function toKept(): string {
    return JSON.stringify((chat.state.uploads ?? []).map(toLeft));
  }

  return () => {
    const now = toKept();
    if (now === kept) return;
    kept = now;
    void keep({ uploads: JSON.parse(now) });
  };
}

/** As the next hub has it: nobody has the bytes of what was on its way, and the guest is told. */
const toLeft = (upload: Upload): Upload =>
  upload.phase === "uploading"
    ? {
        ...upload,
        phase: "failed",
        attachment: undefined,
        progress: 0,
        wanted: undefined,
        error: toErrorData(toFileFailure("CHAT_UPLOAD_CANCELLED")),
      }
    : upload;

const isKept: Check = hasShape({
  id: isText,
  attachment: optional(isText),
  name: isText,
  mime: isText,
  bytes: isNumber,
  phase: isOneOf("uploaded", "failed"),
  progress: isNumber,
  wanted: optional(isText),
  error: optional((value) => isPlain(value) && isText(value.code)),
});

const fromKept = (uploads: unknown): readonly Upload[] =>
  Array.isArray(uploads) ? (uploads.filter(isKept) as Upload[]) : [];
