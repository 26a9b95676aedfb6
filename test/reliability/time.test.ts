/** Clocks that jump, machines that sleep, timers that are held back: over real sockets, with time that is the test's. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allSent, assertWhole, startTalk } from "../support/real-talk.ts";

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

describe("a laptop that sleeps for eight hours", () => {
  for (const [what, wakes] of [
    ["and is told that it wakes", true],
    ["and is told of nothing", false],
  ] as const) {
    test(`${what}: its dead link is left, its token renewed, and what was missed is there (row 19) (row 41)`, async () => {
      const talk = await startTalk();
      await talk.say("good night");
      await talk.until(() => allSent(talk));
      talk.proxy.up.blackHole = true;
      talk.proxy.down.blackHole = true;
      await talk.agentSays("are you asleep?");
      talk.platform.sleep(8 * HOUR);
      if (wakes) await talk.platform.wake();
      await talk.until(() => talk.session.chat.state.phase !== "live", 10.1);
      talk.proxy.mend();
      await talk.untilLive();
      assert.deepEqual(talk.texts(), ["good night", "are you asleep?"]);
      const crossed = await talk.log();
      assert.equal(crossed.filter(({ path }) => path === "/api/v2/guests").length, 2, "renewed once");
      const refusals = crossed.filter(({ frame }) => frame?.type === "error");
      assert.ok(refusals.length <= 1, "no other than the old connection's own end");
    });
  }
});

describe("a wall clock", () => {
  for (const [what, ms] of [
    ["set back by an hour", -HOUR],
    ["set forward by a year", YEAR],
    ["set back by a year", -YEAR],
  ] as const) {
    test(`${what} in the midst of a talk: no storm, and the texts arrive in the order typed (row 20)`, async () => {
      const talk = await startTalk({ serverClockApart: true });
      await talk.say("one");
      await talk.until(() => allSent(talk));
      const asked = talk.asked;
      talk.proxy.mode = "refusing";
      talk.proxy.reset();
      await talk.say("two");
      talk.platform.jump(ms);
      await talk.say("three");
      talk.proxy.mend();
      await talk.until(() => talk.sockets.length > 1);
      await talk.untilLive();
      await talk.until(() => allSent(talk));
      assert.deepEqual(await talk.arrived(), ["one", "two", "three"]);
      await talk.idle(120, 500);
      assert.ok(talk.asked - asked <= 2, `asked ${talk.asked - asked} times`);
      assert.ok(talk.sockets.length <= 4, `${talk.sockets.length} sockets`);
    });
  }
});

describe("a refresh", () => {
  test("that nobody answers is given up after 10 s and tried again, while the talk goes on (row 42)", async () => {
    const talk = await startTalk({ guestTokenSeconds: 300 });
    const { ask } = talk;
    let hanging = 0;
    talk.ask = (request) => {
      if (!request.url.endsWith("/refresh") || hanging > 0) return ask(request);
      hanging += 1;
      return new Promise(() => {});
    };
    await talk.until(() => hanging === 1, 300, 500);
    await talk.say("in the meantime");
    await talk.until(() => allSent(talk));
    assert.equal(talk.sockets.length, 1);
    // Long before the token runs out.
    await talk.until(() => talk.sockets.length === 2, 20);
    await talk.untilLive();
    await assertWhole(talk, ["in the meantime"]);
  });

  for (const [what, answer] of [
    ["that finds no network", () => Promise.reject(new TypeError("fetch failed"))],
    ["that finds the broker in trouble", () => Promise.resolve(new Response("<h1>502</h1>", { status: 502 }))],
  ] as const) {
    test(`${what} is tried again until it is had, and the talk goes on (row 42)`, async () => {
      const talk = await startTalk({ guestTokenSeconds: 300 });
      const { fetch } = talk.platform;
      let failed = 0;
      talk.platform.fetch = (url, init) => {
        if (!url.endsWith("/refresh") || failed === 3) return fetch(url, init);
        failed += 1;
        return answer();
      };
      await talk.until(() => failed > 0, 300, 500);
      await talk.say("in the meantime");
      await talk.until(() => talk.sockets.length === 2 && allSent(talk), 60, 200);
      assert.equal(failed, 3);
      await assertWhole(talk, ["in the meantime"]);
    });
  }
});

describe("timers that a browser holds back to one a minute", () => {
  test("are no reason to leave a link that lives: an hour on one connection, and what is said arrives (row 81)", async () => {
    const talk = await startTalk({ guestTokenSeconds: 80_000 });
    for (let minute = 0; minute < 60; minute += 1) {
      talk.platform.sleep(60_000);
      // Whatever is due fires, and the network has its turn.
      await talk.idle(0.2);
      if (minute % 10 === 0) await talk.say(`minute ${minute}`);
    }
    await talk.until(() => allSent(talk));
    assert.equal(talk.sockets.length, 1);
    await assertWhole(
      talk,
      [0, 10, 20, 30, 40, 50].map((minute) => `minute ${minute}`),
    );
  });
});
