/** Frames that are none: what a broken gateway, a newer server or an attacker may put on a socket. */
import assert from "node:assert/strict";
import type { HandlerEvent } from "../../src/chat/event.ts";
import type { Handler } from "../../src/session/protocol.ts";

const GARBAGE: readonly string[] = [
  "",
  " ",
  "null",
  "true",
  "0",
  "1e999",
  '"text"',
  "[]",
  "[[[[[]]]]]",
  "{}",
  "{",
  '{"type":',
  "undefined",
  "NaN",
  "<!doctype html><title>Sign in to this network</title>",
  "\u0000\u0001\u0002\uFFFD\uD800",
  '{"type":null}',
  '{"type":42,"payload":{}}',
  '{"type":"nobody-knows-this","payload":{}}',
  '{"type":"__proto__","payload":{}}',
  '{"type":"constructor","payload":{}}',
  '{"type":"toString","payload":{}}',
  '{"__proto__":{"type":"message","polluted":true}}',
  '{"type":"nobody-knows-this","payload":{"__proto__":{"polluted":true}}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  `{"type":"${"x".repeat(100_000)}"}`,
  "x".repeat(2_000_000),
  "[".repeat(100_000),
];

/** None of it throws, is told as an event, is answered, or stays behind; `good`, after it, is one event. */
export function checkGarbage(
  { handler, sent, events }: { handler: Handler; sent: string[]; events: HandlerEvent[] },
  malformed: readonly string[],
  good: string,
): void {
  const plain = Object.getOwnPropertyNames(Object.prototype);
  const before = { sent: sent.length, events: events.length };
  for (const frame of [...GARBAGE, ...malformed]) {
    assert.doesNotThrow(() => handler.receive(frame), frame.slice(0, 80));
    assert.deepEqual({ sent: sent.length, events: events.length }, before, frame.slice(0, 80));
  }
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), plain);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  handler.receive(good);
  assert.equal(events.length, before.events + 1);
}
