/** What a session lends a handler, for tests that have only the handler. */
import type { Connection } from "../../src/session/protocol.ts";
import type { FakePlatform } from "./fake-platform.ts";

export const lent = (platform: FakePlatform): Pick<Connection, "after" | "platform" | "signal"> => ({
  after: null,
  platform,
  signal: new AbortController().signal,
});
