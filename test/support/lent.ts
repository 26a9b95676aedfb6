/** What a session lends a handler, for tests that have only the handler. */
import { initialState } from "../../src/chat/state.ts";
import type { Connection, Extended, Protocol } from "../../src/session/protocol.ts";
import { memoryStore } from "../../src/session/store.ts";
import type { FakePlatform } from "./fake-platform.ts";

export const lent = (platform: FakePlatform): Pick<Connection, "after" | "platform" | "signal"> => ({
  after: null,
  platform,
  signal: new AbortController().signal,
});

/** Gives a protocol a session in which nothing is heard, and nothing has been said but what is on its way. */
export function extendEmpty(protocol: Protocol, platform: FakePlatform, ...ids: string[]): Protocol {
  const nothing = async () => {};
  const session: Extended = {
    chat: {
      state: initialState(),
      messages: new Map(ids.map((id) => [id, { id, from: "guest", sentAt: 0, delivery: "sending" }])),
    },
    platform,
    store: memoryStore(),
    emit() {},
    keep: nothing,
    attributes: () => ({}),
    rate: () => undefined,
    standing: () => ({ skew: 0 }),
    perform: nothing,
    loop: { start() {}, stop() {} },
    send: async () => "",
    erase: nothing,
  };
  protocol.extend?.(session);
  return protocol;
}
