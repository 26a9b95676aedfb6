/** What the platform allows, and what it says when that is too much: nothing is lost, and it is not asked too often. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { backoff, spread } from "../../src/session/backoff.ts";
import { START } from "../support/fake-platform.ts";
import { allSent, assertWhole, type RealTalk, startTalk } from "../support/real-talk.ts";

const MINUTE = 60_000;

const refusals = async (talk: RealTalk) =>
  (await talk.log()).filter(({ frame }) => frame?.type === "error" && frame.payload?.code === "rate_limited").length;

describe("a text", () => {
  test("that the server finds too long fails with its reason, and those behind it go on (row 8)", async () => {
    // The server has lowered its limit since it told of it.
    const talk = await startTalk({ limits: { textBytes: 20 }, open: false });
    const payload = {
      guestId: "g",
      sessionId: "s",
      expiresAt: talk.platform.clock.now() + 60 * MINUTE,
      now: talk.platform.clock.now(),
      limits: { textBytes: 4096, attributesBytes: 10_240, messagesPerMinute: 120 },
    };
    const told = { kind: "frame", direction: "out", action: "handshake_ack" };
    await talk.fault(told, { replace: { type: "handshake_ack", payload } }, 1);
    await talk.dispatch({ type: "open" });
    await talk.untilLive();
    const failed = await talk.say("this is longer than twenty bytes");
    for (const text of ["short", "shorter"]) await talk.say(text);
    await talk.until(() => talk.deliveries().filter((delivery) => delivery === "sent").length === 2);
    assert.deepEqual(await talk.arrived(), ["short", "shorter"]);
    assert.equal(talk.session.chat.messages.get(failed)?.delivery, "failed");
    assert.equal(talk.session.chat.messages.get(failed)?.error?.code, "CHAT_TEXT_TOO_LONG");
    assert.equal(talk.sockets.length, 1);
  });
});

describe("a server that is busy", () => {
  test("is left in peace for as long as it says, and every text follows, once and in order (row 36)", async () => {
    const talk = await startTalk();
    const { clock } = talk.platform;
    const busy = { type: "error", payload: { code: "rate_limited", message: "busy", retryAfter: 7 } };
    await talk.fault({ kind: "frame", direction: "in", action: "message" }, { suppress: true, inject: busy }, 1);
    const began = clock.monotonic();
    const texts = ["one", "two", "three"];
    for (const text of texts) await talk.say(text);
    await talk.until(async () => (await talk.arrived()).length > 0);
    assert.ok(clock.monotonic() - began >= 7_000, "it was not left in peace");
    assert.deepEqual(
      talk.deliveries().filter((delivery) => delivery === "failed"),
      [],
    );
    await talk.until(() => allSent(talk));
    await assertWhole(talk, texts);
    assert.equal(talk.sockets.length, 1);
  });

  test("says so while the guest writes on: the pause holds for those texts too (row 36)", async () => {
    const talk = await startTalk({ limits: { messagesPerMinute: 2 } });
    const texts = ["one", "two", "three", "four"];
    for (const text of texts) await talk.say(text);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, texts);
    assert.ok((await refusals(talk)) <= 2, `${await refusals(talk)} refusals`);
  });

  test("asks for whatever pause: never less than none, never more than twice fifteen minutes (row 37)", () => {
    const asked = [undefined, -1e9, -1, 0, 1, 1e3, 9e5, 1e12, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY];
    for (const pause of asked) {
      for (const random of [0, 0.25, 0.999_999]) {
        const ms = spread(pause, random);
        assert.ok(ms >= 0 && ms <= 30 * MINUTE, `${pause}: ${ms}`);
        assert.ok(pause === undefined || ms >= Math.min(Math.max(0, pause), 15 * MINUTE), `${pause}: ${ms}`);
      }
    }
    for (let attempt = 0; attempt < 2_000; attempt += 1) assert.ok(backoff(attempt, 0.999_999) <= 30_000);
  });

  for (const [what, retryAfter, least, most] of [
    ["of 20 s", 20, 20, 40],
    ["that is absurd", 1e9, 900, 1_800],
    ["in the past", -60, 0, 1],
    ["that is no number", "soon", 0, 1],
  ] as const) {
    test(`asks over HTTP for a pause ${what}: it is kept within bounds, and then the chat is there (row 37)`, async () => {
      const talk = await startTalk({ open: false });
      const { ask, platform } = talk;
      const asked: number[] = [];
      talk.ask = async (request) => {
        if (!request.url.endsWith("/sessions")) return ask(request);
        asked.push(platform.clock.monotonic());
        const body = { type: "about:blank", title: "busy", status: 503, code: "upstream_unavailable", retryAfter };
        return asked.length === 1 ? Response.json(body, { status: 503 }) : ask(request);
      };
      await talk.dispatch({ type: "open" });
      await talk.until(() => asked.length > 0);
      await talk.until(() => asked.length > 1, 1_801, least > 100 ? 1_000 : 50);
      const seconds = ((asked[1] as number) - (asked[0] as number)) / 1_000;
      assert.ok(seconds >= least - 0.1 && seconds <= most + 0.1 + (least > 100 ? 1 : 0), `${seconds} s`);
      await talk.untilLive();
    });
  }

  for (const [what, after, least, most] of [
    ["as a date", new Date(START + 3_600_000).toUTCString(), 900, 1_800],
    ["as a date in the past", "Sun, 06 Nov 1994 08:49:37 GMT", 0, 1],
    ["as a number of seconds", "20", 20, 40],
    ["as nonsense", "later", 0, 1],
  ] as const) {
    test(`and a proxy's own page asks for one ${what}: it is kept within bounds where it is one (row 37)`, async () => {
      const talk = await startTalk({ open: false });
      const { ask, platform } = talk;
      const asked: number[] = [];
      talk.ask = async (request) => {
        if (!request.url.endsWith("/sessions")) return ask(request);
        asked.push(platform.clock.monotonic());
        const headers = { "Content-Type": "text/html", "Retry-After": after };
        return asked.length === 1 ? new Response("<h1>Busy</h1>", { status: 503, headers }) : ask(request);
      };
      await talk.dispatch({ type: "open" });
      await talk.until(() => asked.length > 0);
      await talk.until(() => asked.length > 1, 1_801, least > 100 ? 1_000 : 50);
      const seconds = ((asked[1] as number) - (asked[0] as number)) / 1_000;
      assert.ok(seconds >= least - 0.1 && seconds <= most + 0.1 + (least > 100 ? 1 : 0), `${seconds} s`);
      await talk.untilLive();
    });
  }
});

describe("a guest who pastes thirty messages", () => {
  test("at once: they arrive once each and in order, and the server refuses none of them (row 38)", async () => {
    const talk = await startTalk();
    const texts = Array.from({ length: 30 }, (_, n) => `pasted ${n}`);
    await talk.dispatch({ type: "typing", on: true });
    for (const text of texts) await talk.say(text);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, texts);
    assert.equal(await refusals(talk), 0);
  });

  test("where the server takes twenty in a minute, it refuses none of them: the rest waits its turn (row 38)", async () => {
    const talk = await startTalk({ limits: { messagesPerMinute: 20 } });
    const texts = Array.from({ length: 30 }, (_, n) => `pasted ${n}`);
    for (const text of texts) await talk.say(text);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, texts);
    assert.equal(await refusals(talk), 0);
  });

  test("to a server that takes fewer than it said: it is slowed down by its refusals, and all arrive (row 39)", async () => {
    const talk = await startTalk({ limits: { messagesPerMinute: 10 }, open: false });
    const now = talk.platform.clock.now();
    const limits = { textBytes: 4096, attributesBytes: 10_240, messagesPerMinute: 120 };
    const payload = { guestId: "g", sessionId: "s", expiresAt: now + 60 * MINUTE, now, limits };
    const told = { kind: "frame", direction: "out", action: "handshake_ack" };
    await talk.fault(told, { replace: { type: "handshake_ack", payload } });
    await talk.dispatch({ type: "open" });
    await talk.untilLive();
    const texts = Array.from({ length: 30 }, (_, n) => `pasted ${n}`);
    for (const text of texts) await talk.say(text);
    await talk.until(() => allSent(talk), 600, 100);
    await assertWhole(talk, texts);
    assert.ok((await refusals(talk)) <= 1, `${await refusals(talk)} refusals`);
  });
});
