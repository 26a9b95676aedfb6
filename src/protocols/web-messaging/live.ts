/** What a guest who has been let in can do here: as the platform has it, the deployment, and this session of it. */
import type { HandlerEvent, RateLimit } from "../../chat/event.ts";
import type { UploadRules } from "../../chat/rich.ts";
import type { Feature } from "../../chat/state.ts";
import type { Deployment } from "../../wire/web-messaging/deployment.ts";

/** The platform takes so many bytes of UTF-8 in a text. */
const TEXT_BYTES = 4_096;
/**
 * The smaller of the two numbers that Genesys has published for messages, and fifty of the sixty requests of a minute: the
 * others are for what must be sent. With what the way there may take: the platform counts from when they arrive.
 */
const LIMITS: readonly RateLimit[] = [
  { count: 2, ms: 1_100 },
  { count: 50, ms: 62_000 },
];

export function toLive(
  { clear, markdown, signIn }: Deployment,
  uploadRules: UploadRules | undefined,
  signedIn: boolean,
): HandlerEvent {
  const features: Feature[] = ["earlier"];
  if (clear) features.push("clear");
  if (uploadRules) features.push("attachments");
  if (signIn) features.push("signIn");
  return { type: "live", features, textBytes: TEXT_BYTES, limits: LIMITS, uploadRules, signedIn, markdown };
}
