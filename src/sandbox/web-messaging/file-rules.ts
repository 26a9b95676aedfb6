/** Which files a deployment takes: at presigning by what is said of them, and once more by what has come. */
import { type Deployment, toUploadRules } from "./deployment.ts";

/** A refusal as frames carry it: section 5 of the protocol. */
export interface FileFault {
  errorCode: number;
  errorMessage: string;
}

export interface FileClaim {
  fileName: string;
  fileType: string;
  fileSize: number;
}

const fault = (errorCode: number, errorMessage: string): FileFault => ({ errorCode, errorMessage });

const extensionOf = (name: string): string => /[^.]\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";

const isTypeOf = (type: string, allowed: string): boolean =>
  allowed === "*/*" || (allowed.endsWith("/*") ? type.startsWith(allowed.slice(0, -1)) : type === allowed);

/** Anything that a path could be made of, or that no address can hold: control characters and halves of characters. */
const isStrange = (name: string): boolean => /[/\\\p{Cc}\p{Surrogate}]/u.test(name);

/** It comes back as a header of the download. */
const MIME_TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,128}( *;[ -~]{0,128})?$/;

/** The first that is wrong with a file as it is described; undefined when it may come. */
export function findClaimFault(
  deployment: Deployment,
  { fileName, fileType, fileSize }: FileClaim,
): FileFault | undefined {
  const { types, bytes, blocked } = toUploadRules(deployment);
  if (types.length === 0) return fault(4000, "Attachments are not available in this deployment");
  const extension = extensionOf(fileName);
  if (fileName.length >= deployment.limits.fileNameChars) return fault(4005, "The file name is too long");
  if (extension === "" || isStrange(fileName)) return fault(4004, "The file name is invalid");
  if (blocked.includes(`.${extension}`)) return fault(4001, "Files with this extension are not allowed");
  const type = fileType.toLowerCase().split(";")[0]?.trim() ?? "";
  if (!MIME_TYPE.test(fileType) || !types.some((allowed) => isTypeOf(type, allowed.toLowerCase())))
    return fault(4001, "File type is not allowed");
  if (!(fileSize > 0)) return fault(4102, "The file is empty");
  if (fileSize > bytes) return fault(4002, "File is too large");
  return undefined;
}

/** How files of a few kinds begin; enough to tell that one is called what it is not. */
const BEGINNINGS: readonly (readonly [kind: string, bytes: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["application/pdf", [0x25, 0x50, 0x44, 0x46]],
  ["a program", [0x4d, 0x5a]],
  ["a program", [0x7f, 0x45, 0x4c, 0x46]],
];

/** Of what has come in place of what was announced. `size` counts also what was too much to keep. */
export function findContentFault(
  deployment: Deployment,
  { fileType }: FileClaim,
  bytes: Uint8Array,
  size: number,
): FileFault | undefined {
  if (size === 0) return fault(4102, "The file is empty");
  if (size > toUploadRules(deployment).bytes) return fault(4002, "File is too large");
  const kind = BEGINNINGS.find(([, beginning]) => beginning.every((byte, at) => bytes[at] === byte))?.[0];
  const isKnown = BEGINNINGS.some(([name]) => name === fileType);
  // Text that begins like a program is still text.
  if (kind === undefined || kind === fileType || fileType.startsWith("text/")) return undefined;
  return isKnown || kind === "a program" ? fault(4003, "The content of the file is invalid") : undefined;
}
