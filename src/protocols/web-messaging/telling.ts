/** Telling: custom attributes go to the agent with a message or a Join, once per change, and without them where they are refused. */
import type { SessionEvent } from "../../chat/event.ts";
import { findExcess, toTexts } from "./attributes.ts";

export interface Telling {
  /** What the agent has not been told, as a part of what goes out as `id`. */
  untold(id: string): object;
  /** The echo of what went out as `id`; undefined: of something. */
  heard(id: string | undefined): void;
  /** What is on its way counts as not told; returned as it was sent. */
  drop(): string | undefined;
  /** The conversation goes on without them. */
  refuse(text: string, detail: string): void;
}

export interface TellingRequest {
  attributes(): Record<string, unknown>;
  mostBytes(): number;
  secrets(): Readonly<Record<string, string>>;
  remember(part: Record<string, string>): void;
  emit(event: SessionEvent): void;
}

export function createTelling({ attributes, mostBytes, secrets, remember, emit }: TellingRequest): Telling {
  /** As they were sent, and with what. */
  let onTheirWay: { text: string; id: string } | undefined;

  function refuse(text: string, detail: string) {
    remember({ refused: text });
    emit({ type: "warned", error: { code: "CHAT_ATTRIBUTES_TOO_LARGE", detail } });
  }

  return {
    untold(id) {
      const customAttributes = toTexts(attributes());
      const text = JSON.stringify(customAttributes);
      const { told, refused } = secrets();
      if (text === "{}" || text === told || text === refused) return {};
      const excess = findExcess(customAttributes, mostBytes());
      if (excess) {
        refuse(text, excess);
        return {};
      }
      onTheirWay = { text, id };
      return { channel: { metadata: { customAttributes } } };
    },
    heard(id) {
      if (!onTheirWay || (id ?? onTheirWay.id) !== onTheirWay.id) return;
      remember({ told: onTheirWay.text });
      onTheirWay = undefined;
    },
    drop() {
      const text = onTheirWay?.text;
      onTheirWay = undefined;
      return text;
    },
    refuse,
  };
}
