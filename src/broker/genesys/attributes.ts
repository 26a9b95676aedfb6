/** The attributes of a guest: the page's own, under the defaults that it cannot replace, and its profile, within 10 KB (profile, section 1). */
import { ATTRIBUTES_BYTES, attributesBytes, largestAttributes, RESERVED_ATTRIBUTES } from "../../wire/broker-api.ts";
import type { Profile } from "../../wire/profile.ts";
import { Refusal } from "../problem.ts";

const USER_AGENT_MAX = 512;
/** As long as Genesys' ids are. */
const A_GUEST_ID = "00000000-0000-0000-0000-000000000000";

export type Attributes = Record<string, unknown>;

/** Throws `reserved_attribute` or `attributes_too_large`. `brokers` are those that only the broker may write. */
export function toGuestAttributes(
  own: Attributes,
  caller: { locale: string; userAgent: string | undefined },
  brokers: Attributes = {},
): Attributes {
  const reserved = RESERVED_ATTRIBUTES.find((name) => Object.hasOwn(own, name));
  if (reserved) throw new Refusal("reserved_attribute", `The attribute "${reserved}" is written by the broker only.`);
  const attributes: Attributes = { ...own, source: "custom_widget", locale: caller.locale, ...brokers };
  if (caller.userAgent) attributes.user_agent = caller.userAgent.slice(0, USER_AGENT_MAX);
  // A guest that fits now must fit at every refresh, when it is told whom it continues.
  refuseTooLarge(measure({ continued_from: A_GUEST_ID, ...attributes }));
  return attributes;
}

/** The names that the founding document gives. */
export const toProfileAttributes = ({ providerId, email, syncedAt }: Profile): Attributes => ({
  external_provider_id: providerId,
  ...(email !== undefined && { external_email: email }),
  synced_at: syncedAt,
  delegation_verified: true,
});

/** How large attributes are, in bytes of JSON, and the largest by name: never a value. */
export interface Measured {
  bytes: number;
  largest: string[];
}

export const measure = (attributes: Attributes): Measured => ({
  bytes: attributesBytes(attributes),
  largest: largestAttributes(attributes).map((line) =>
    line.length > 100 ? `${line.slice(0, 60)}…${line.slice(-20)}` : line,
  ),
});

/** Two objects in one: a comma takes the place of two braces. */
export const measureBoth = (one: Measured, other: Attributes): Measured => ({
  bytes: one.bytes + attributesBytes(other) - 1,
  largest: one.largest,
});

export const tooLarge = ({ bytes, largest }: Measured): Refusal =>
  new Refusal(
    "attributes_too_large",
    `The attributes, with the broker's own, take ${bytes} bytes of JSON; ` +
      `${ATTRIBUTES_BYTES} are allowed. Largest: ${largest.join(", ")}.`,
  );

/** Throws `attributes_too_large`. */
export function refuseTooLarge(measured: Measured): void {
  if (measured.bytes > ATTRIBUTES_BYTES) throw tooLarge(measured);
}
