/** The guest API in a simulation: a broker stands between, and each text may be sent again. */
import { createGuestApi } from "../../src/protocols/guest-api/guest-api.ts";
// Chunks that are fetched when they are needed: a fetch takes real time, which a simulation must not depend on.
import "../../src/protocols/guest-api/errands.ts";
import "../../src/session/identify.ts";
import { CLOSE } from "../../src/wire/guest-api.ts";
import { OPTIONS } from "../hub/support.ts";
import type { Dialect, Errand } from "./dialect.ts";

/** Calls that are no attempt to connect tell of what is beside the conversation. */
function toErrand(url: string, method: string): Errand {
  if (method === "DELETE") return "beside";
  if (/\/v1\/sessions(\/refresh)?$/.test(url)) return "credentials";
  return url.endsWith("/v1/profile") ? "profile" : "beside";
}

export const guestApi: Dialect = {
  options: OPTIONS,
  idempotent: true,
  tellsLimits: true,
  patienceMs: 0,
  closes: CLOSE,
  toSandbox: ({ tokenSeconds, messagesPerMinute }) => ({
    guestTokenSeconds: tokenSeconds,
    requestsPerMinute: 10_000,
    limits: { messagesPerMinute },
  }),
  createProtocol: () => createGuestApi({ broker: "https://broker.test", route: "sales" }),
  read: (text) => JSON.parse(text),
  toErrand,
  refuse: (retryAfter) => ({
    frame: JSON.stringify({ type: "error", payload: { code: "unavailable", message: "by the story", retryAfter } }),
    close: 1013,
  }),
  toId: (serverId) => serverId,
};
