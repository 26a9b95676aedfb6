/** The platform's end of web messaging as tests play it: its frames, by name, and its files. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../test/fixtures/web-messaging/", import.meta.url));

export type Json = Record<string, unknown>;

/** A fixture, parsed anew. `path` without `.json`. */
export const readFixture = (path: string): Json => JSON.parse(readFileSync(`${folder}${path}.json`, "utf8"));

/** Names of the fixtures in a folder, without `.json`. */
export const fixtureNames = (of: "client" | "server" | "rest"): string[] =>
  readdirSync(folder + of)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -5))
    .sort();

export const DEPLOYMENT = "9d8b7c6a-1122-4c33-8d44-556677889900";

/** config.json; `conversations` in place of what stands there. */
export function configuration(conversations: Json = {}): Json {
  const file = readFixture("rest/deploymentConfig") as { messenger: { apps: { conversations: Json } } };
  Object.assign(file.messenger.apps.conversations, { humanize: { enabled: true }, ...conversations });
  return file;
}

export const frame = (name: string, body: unknown, more: Json = {}): string =>
  JSON.stringify({ type: "message", class: name, code: 200, body, ...more });

export const refusal = (code: number, text: string, tracingId?: string): string =>
  frame("string", text, { type: "response", code, tracingId });

export interface Said extends Json {
  id: string;
  text?: string;
  at?: string;
}

/** As it stands in a page of history, and in a frame's body. */
export const message = ({ id, at = "2031-05-10T08:15:00.000Z", ...more }: Said): Json => ({
  direction: "Outbound",
  originatingEntity: "Human",
  type: "Text",
  ...more,
  id,
  channel: { time: at, type: "Private", ...((more.channel as Json) ?? {}) },
});

export const said = (given: Said, tracingId?: string): string =>
  frame("StructuredMessage", message(given), { tracingId });

/** The echo of a guest's message. */
export const echo = (tracingId: string | undefined, given: Said): string =>
  said({ direction: "Inbound", originatingEntity: undefined, ...given }, tracingId);

export const event = (events: Json[], more: Json = {}): string =>
  said({ id: "event-1", type: "Event", events, ...more });

export const session = (body: Json = {}): string =>
  frame("SessionResponse", { connected: true, newSession: true, readOnly: false, ...body }, { type: "response" });
