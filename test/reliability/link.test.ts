/** The network between guest and Genesys, made bad by the TCP proxy: what is noticed, when, and what arrives after it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { allSent, assertWhole, type RealTalk, startTalk } from "../support/real-talk.ts";

/** The session has left the connection that it is on, within so many seconds of its time; the next is on a good network. */
async function untilLeft(talk: RealTalk, seconds: number): Promise<void> {
  // A step more, as it is looked at only once a step.
  await talk.until(() => talk.session.chat.state.phase !== "live", seconds + 0.05);
  talk.proxy.mend();
}

describe("a link that is dead and does not say so", () => {
  test("is noticed within 45 s while nobody writes, and what was said meanwhile is there (row 9)", async () => {
    const talk = await startTalk();
    talk.proxy.up.blackHole = true;
    talk.proxy.down.blackHole = true;
    await talk.agentSays("into the dark");
    await untilLeft(talk, 45);
    await talk.until(() => talk.texts().includes("into the dark"));
  });

  test("is noticed within 10 s where a text waits for its echo, and the text arrives once (row 9)", async () => {
    const talk = await startTalk();
    talk.proxy.up.blackHole = true;
    talk.proxy.down.blackHole = true;
    await talk.say("hello?");
    await untilLeft(talk, 10);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, ["hello?"]);
  });

  test("in one direction only, down: the text that did arrive is not sent a second time (row 10)", async () => {
    const talk = await startTalk();
    talk.proxy.down.blackHole = true;
    await talk.say("can you hear me?");
    await talk.until(async () => (await talk.arrived()).length === 1);
    await untilLeft(talk, 10);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, ["can you hear me?"]);
  });

  test("in one direction only, down, while nobody writes: it is noticed within 45 s (row 10)", async () => {
    const talk = await startTalk();
    talk.proxy.down.blackHole = true;
    await talk.agentSays("into the dark");
    await untilLeft(talk, 45);
    await talk.until(() => talk.texts().includes("into the dark"));
  });

  test("in one direction only, up: the text that never arrived is sent again (row 10)", async () => {
    const talk = await startTalk();
    talk.proxy.up.blackHole = true;
    await talk.say("can you hear me?");
    await untilLeft(talk, 10);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, ["can you hear me?"]);
  });

  test("ended by half: what is typed goes out on another (row 9)", async () => {
    const talk = await startTalk();
    talk.proxy.closeHalf();
    await talk.say("still here");
    await talk.until(() => talk.sockets.length === 2 && allSent(talk));
    await assertWhole(talk, ["still here"]);
  });
});

describe("a link that is poor and lives", () => {
  test("at 2 kB/s, 3 s away and shaky: it stays the one, and everything arrives in order (row 11)", async () => {
    const talk = await startTalk({ open: false });
    for (const way of [talk.proxy.up, talk.proxy.down]) {
      Object.assign(way, { latencyMs: 1_500, jitterMs: 500, bytesPerSecond: 2_000 });
    }
    await talk.dispatch({ type: "open" });
    await talk.untilLive();
    const texts = ["one", "two", "three", "four"];
    for (const text of texts) await talk.say(text);
    await talk.until(() => allSent(talk));
    await talk.idle(60);
    await assertWhole(talk, texts);
    assert.equal(talk.sockets.length, 1);
  });

  test("that brings every byte by itself changes nothing (row 12)", async () => {
    const talk = await startTalk({ open: false });
    talk.proxy.up.sliceBytes = 1;
    talk.proxy.down.sliceBytes = 1;
    await talk.dispatch({ type: "open" });
    await talk.untilLive();
    await talk.say("Grüße – 你好 🙂");
    await talk.agentSays("Schön! 🙂");
    await talk.until(() => allSent(talk) && talk.texts().length === 2);
    assert.deepEqual([...talk.texts()].sort(), [...(await talk.arrived())].sort());
    assert.equal(talk.sockets.length, 1);
  });
});

describe("a connection that does not come about", () => {
  test("as nobody answers what was accepted: it is given up after 10 s, and tried again (row 13)", async () => {
    const talk = await startTalk();
    talk.proxy.mode = "silent";
    talk.proxy.reset();
    await talk.until(() => talk.sockets.length === 2);
    await talk.until(() => (talk.sockets[1]?.readyState ?? 0) >= WebSocket.CLOSING, 10.1);
    assert.match(talk.session.chat.state.reason?.detail ?? "", /no answer to open/);
    talk.proxy.mend();
    await talk.untilLive();
    await talk.say("there you are");
    await talk.until(() => allSent(talk));
    await assertWhole(talk, ["there you are"]);
  });

  test("as everything is refused for half an hour: it is live within 30 s of its return, and whole (row 79)", async () => {
    const talk = await startTalk();
    talk.proxy.mode = "refusing";
    talk.proxy.reset();
    await talk.until(() => talk.session.chat.state.phase !== "live");
    await talk.say("typed in the dark");
    const before = talk.asked + talk.sockets.length;
    await talk.idle(1_800, 1_000);
    const attempts = talk.asked + talk.sockets.length - before;
    assert.ok(attempts > 50 && attempts <= 150, `${attempts} attempts`);
    talk.proxy.mend();
    await talk.until(() => talk.session.chat.state.phase === "live", 30);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, ["typed in the dark"]);
  });

  test("that dies after a second, again and again: the pauses grow, and the texts arrive once each (row 80)", async () => {
    const talk = await startTalk();
    const { clock } = talk.platform;
    const lives: number[] = [];
    const texts = Array.from({ length: 8 }, (_, n) => `text ${n}`);
    for (const text of texts) {
      await talk.untilLive();
      lives.push(clock.monotonic());
      await talk.say(text);
      await talk.until(() => allSent(talk));
      talk.proxy.reset();
      await talk.until(() => talk.session.chat.state.phase !== "live");
    }
    await talk.untilLive();
    await assertWhole(talk, texts);
    const pauses = lives.slice(1).map((at, n) => at - (lives[n] as number));
    const early = pauses.slice(0, 3).reduce((sum, each) => sum + each, 0);
    const late = pauses.slice(-3).reduce((sum, each) => sum + each, 0);
    assert.ok(late > 2 * early, pauses.join());
  });
});

describe("another network", () => {
  test("the old socket is reset and the machine says so: the next is tried at once, without a pause (row 25)", async () => {
    const talk = await startTalk();
    talk.proxy.mode = "refusing";
    talk.proxy.reset();
    // Deep in an outage, pauses are long.
    await talk.until(() => talk.proxy.opened > 8);
    await talk.until(() => talk.session.chat.state.phase === "waiting");
    talk.proxy.mend();
    await talk.platform.wake();
    await talk.until(() => talk.session.chat.state.phase === "live", 2);
  });

  test("the old socket is dead without a word and the machine says so: it is left within 10 s (row 25)", async () => {
    const talk = await startTalk();
    talk.proxy.up.blackHole = true;
    await talk.platform.wake();
    await untilLeft(talk, 10);
    await talk.untilLive();
  });

  test("it comes and goes ten times a second: never two attempts at once, and no storm (row 23)", async () => {
    const talk = await startTalk();
    const alive = () => talk.sockets.filter(({ readyState }) => readyState < WebSocket.CLOSING).length;
    const before = talk.proxy.opened;
    let most = 0;
    for (let n = 0; n < 100; n += 1) {
      talk.proxy.mode = n % 2 ? "good" : "refusing";
      if (n % 10 === 0) talk.proxy.reset();
      await talk.platform.wake();
      // As every tab does that comes to the front.
      await talk.dispatch({ type: "open" });
      await talk.idle(0.1);
      most = Math.max(most, alive());
    }
    talk.proxy.mend();
    await talk.untilLive();
    assert.ok(most <= 1, `${most} at once`);
    assert.ok(talk.proxy.opened - before <= 30, `${talk.proxy.opened - before} attempts`);
    await talk.say("steady");
    await talk.until(() => allSent(talk));
    await assertWhole(talk, ["steady"]);
  });
});
