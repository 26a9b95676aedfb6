/** The attributes of a guest: the page's own, under the defaults that it cannot replace, within 10 KB (profile, section 1). */
import { ATTRIBUTES_BYTES, attributesBytes, largestAttributes, RESERVED_ATTRIBUTES } from "../wire/broker-api.ts";
import { Refusal } from "./problem.ts";

const USER_AGENT_MAX = 512;

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
  if (attributesBytes(attributes) > ATTRIBUTES_BYTES) throw tooLarge(attributes);
  return attributes;
}

/** Names the size and the largest keys, never a value. */
export const tooLarge = (attributes: Attributes): Refusal =>
  new Refusal(
    "attributes_too_large",
    `The attributes, with the broker's own, take ${attributesBytes(attributes)} bytes of JSON; ` +
      `${ATTRIBUTES_BYTES} are allowed. Largest: ${largestAttributes(attributes)
        .map((line) => (line.length > 100 ? `${line.slice(0, 60)}…${line.slice(-20)}` : line))
        .join(", ")}.`,
  );
