/** What a page or a program gives, checked before it becomes HubOptions: addresses and attributes. */
import { ChatError } from "../chat/error.ts";

/** `field` names it in the error; `base` resolves a relative one. Bare: no credentials, query, fragment. Gives it absolute, without a trailing slash. */
export function toHttpUrl(field: string, given: string, base?: string): string {
  const href = URL.canParse(given, base) ? new URL(given, base).href : "";
  if (!/^https?:[^@?#]+$/.test(href)) {
    throw new ChatError("CHAT_CONFIGURATION", `${field}: expected a bare http(s) URL`);
  }
  return href.replace(/\/+$/, "");
}

/** A plain copy that can cross a port: what JSON can hold. Size and reserved names are judged behind it, by what knows the limits. */
export function toAttributes(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  try {
    const copy: unknown = JSON.parse(JSON.stringify(value));
    if (typeof copy === "object" && copy !== null && !Array.isArray(copy)) return copy as Record<string, unknown>;
  } catch {
    // Cycles, BigInt: told below.
  }
  throw new ChatError("CHAT_CONFIGURATION", "attributes: expected an object");
}
