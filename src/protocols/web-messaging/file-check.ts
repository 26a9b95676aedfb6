/** Whether the platform will take a file, asked before it is sent: the guest is told what would have been taken. */
import type { Failure } from "../../chat/failure.ts";
import { toFileFailure } from "../../chat/files/file-failure.ts";
import { extensionOf } from "../../chat/files/file-name.ts";
import type { Upload, UploadRules } from "../../chat/rich.ts";

/** "Less than 1,024 characters", says the Developer Center. */
const NAME_MAX = 1_023;

/** Null where nothing is wrong with it. */
export function findFileFault(
  { name, bytes, mime }: Pick<Upload, "name" | "bytes" | "mime">,
  rules: UploadRules,
): Failure | null {
  const extension = extensionOf(name);
  if (bytes < 1) return toFileFailure("CHAT_FILE_EMPTY");
  if (name.length > NAME_MAX) {
    return toFileFailure("CHAT_FILE_NAME", `${name.length} characters`, `A name may have ${NAME_MAX} characters.`);
  }
  if (extension === "") return toFileFailure("CHAT_FILE_NAME", "no extension", "It needs an ending, such as .pdf.");
  if (rules.blocked.includes(extension)) {
    return toFileFailure("CHAT_FILE_TYPE", extension, `Files that end in ${extension} are not allowed.`);
  }
  if (bytes > rules.bytes) return tooLarge(rules, `${bytes} bytes`);
  return rules.types.some((type) => matches(mime, type)) ? null : wrongType(rules, mime);
}

export const tooLarge = ({ bytes }: UploadRules, detail: string): Failure =>
  toFileFailure("CHAT_FILE_TOO_LARGE", `${detail}, ${bytes} are taken`, `The limit is ${toSize(bytes)}.`);

export function wrongType({ types }: UploadRules, detail: string): Failure {
  const kinds = [...new Set(types.map(toKind).filter(Boolean))].join(", ");
  return toFileFailure("CHAT_FILE_TYPE", detail, kinds && `Possible are: ${kinds}.`);
}

/** `type` may be `*\/*` or `image/*`. */
function matches(mime: string, type: string): boolean {
  const wanted = type.toLowerCase().trim();
  return wanted === "*/*" || (wanted.endsWith("/*") ? mime.startsWith(wanted.slice(0, -1)) : mime === wanted);
}

/** As the platform counts, in thousands. */
function toSize(bytes: number): string {
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, "KB"] : [bytes / 1_000_000, "MB"];
  return `${Math.floor(size * 10) / 10} ${unit}`;
}

/** What a guest calls a MIME type; "" where it has no name to speak of. */
function toKind(type: string): string {
  const [, top = "", sub = ""] = /^(\w+)\/(?:x-)?([\w*+]+)$/.exec(type.toLowerCase()) ?? [];
  if (sub === "*") return top === "image" || top === "video" ? `${top}s` : top;
  return (sub === "plain" ? "text" : sub).toUpperCase();
}
