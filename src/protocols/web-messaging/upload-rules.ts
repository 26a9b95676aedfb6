/** Which files a deployment takes: its session says, or its configuration where that is an old one. */
import type { UploadRules } from "../../chat/rich.ts";
import type { SessionResponse } from "../../wire/web-messaging/answers.ts";
import type { Deployment } from "../../wire/web-messaging/deployment.ts";

/** The platform's default. */
const SIZE_KB = 10_240;

/** Undefined where it takes none. */
export function toUploadRules(
  { fileTypes, maxFileSizeKB = SIZE_KB, blockedExtensions }: SessionResponse,
  { uploads }: Deployment,
): UploadRules | undefined {
  const blocked = blockedExtensions.map((extension) => extension.toLowerCase());
  // The official clients divide by 1,000.
  if (fileTypes.length > 0) return { types: fileTypes, bytes: maxFileSizeKB * 1000, blocked };
  return uploads && { ...uploads, blocked };
}
