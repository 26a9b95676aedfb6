/** The activity log: what happened is told in order, complete and with nothing in it that a guest has said or is. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as v from "valibot";
import { activitySchema } from "../../../src/broker/activity/activity-schema.ts";
import type { SessionEvent } from "../../../src/chat/event.ts";
import { settle } from "../../support/fake-platform.ts";
import { happens, startLive, startLog } from "./activity-bench.ts";

const numbers = (entries: { seq: number }[]) => entries.map(({ seq }) => seq);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("entries", () => {
  test("tell a conversation from its start to its end, each with the time it happened", async () => {
    const { log, platform } = await startLive();
    await platform.pass(1_000);
    log.observe(happens.received("bot"));
    log.observe(happens.sent());
    await platform.pass(2_000);
    log.observe(happens.joined);
    log.observe(happens.received("agent"));
    log.observe(happens.received("agent"));
    log.observe(happens.ended);
    assert.deepEqual(
      log.metrics().logs.map(({ timestamp, event, details }) => [timestamp.slice(17), event, details]),
      [
        ["00.000Z", "ws_connecting", {}],
        ["00.000Z", "session_started", { duration_ms: 0 }],
        ["00.000Z", "ws_connected", {}],
        ["01.000Z", "ws_message_received", { type: "message" }],
        ["01.000Z", "ws_message_sent", {}],
        ["03.000Z", "ws_message_received", { type: "presence" }],
        ["03.000Z", "ws_message_received", { type: "message" }],
        ["03.000Z", "first_answer_received", { duration_ms: 2_000 }],
        ["03.000Z", "ws_message_received", { type: "message" }],
        ["03.000Z", "conversation_ended", { duration_ms: 3_000 }],
        ["03.000Z", "ws_disconnected", { duration_ms: 3_000 }],
      ],
    );
  });

  test("tell why nobody was connected, and that fresh credentials are no outage", async () => {
    const { log, platform } = await startLive();
    await platform.pass(5_000);
    log.observe(happens.lost());
    log.observe(happens.lost("CHAT_BROKER_UNREACHABLE"));
    log.observe(happens.live);
    log.note("token_refreshed");
    log.observe(happens.swapped);
    log.observe(happens.live);
    log.observe(happens.failed);
    assert.deepEqual(
      log
        .metrics()
        .logs.slice(3)
        .map(({ event, details }) => [event, ...Object.values(details)]),
      [
        ["ws_disconnected", 5_000],
        ["ws_waiting", "CHAT_CONNECTION_LOST"],
        ["ws_waiting", "CHAT_BROKER_UNREACHABLE"],
        ["ws_connected"],
        ["token_refreshed"],
        ["ws_disconnected", 5_000],
        ["ws_connected"],
        ["ws_disconnected", 5_000],
        ["session_failed", "CHAT_REFUSED"],
      ],
    );
  });

  test("pass the broker's own check, all of them, and hold nothing of what was said, by whom, or where", async () => {
    const { log, reported, reports } = await startLive();
    const { joined, failed } = happens;
    const all: SessionEvent[] = [happens.sent(), happens.received(), joined, happens.lost(), failed];
    for (const one of all) log.observe(one);
    log.observe(happens.live);
    log.note("token_refreshed");
    log.note("session_resumed");
    log.note("profile_synced", { provider_id: "https://login.example.com" });
    log.observe(happens.ended);
    log.note("session_terminated");
    await log.flush();
    assert.equal(reported().length, log.metrics().logs.length);
    for (const report of reports) v.parse(activitySchema, report);
    const told = JSON.stringify([reports, log.metrics()]);
    assert.doesNotMatch(told, /hello|Ada|Lovelace|secret|"m1|"s\d/);
  });

  test("are the newest thousand; those that had to go are counted", async () => {
    const { log, store } = await startLive();
    for (let n = 4; n <= 1_250; n += 1) log.observe(happens.received());
    await settle();
    const { logs, dropped } = log.metrics();
    assert.deepEqual([logs.length, dropped], [1_000, 250]);
    assert.equal(store.all("activity").length, 1_000);
  });

  test("handed out are not changed by what comes later", async () => {
    const { log } = await startLive();
    const { logs } = log.metrics();
    log.observe(happens.received());
    assert.equal(logs.length, 3);
  });
});

describe("reports", () => {
  test("go every half a minute, with what is new and how long the session has lasted", async () => {
    const { log, platform, reports } = await startLive();
    await platform.pass(30_000);
    await platform.pass(30_000);
    log.observe(happens.received());
    await platform.pass(30_000);
    assert.deepEqual(
      reports.map(({ durationMs, entries }) => [durationMs, numbers([...entries])]),
      [
        [30_000, [1, 2, 3]],
        [90_000, [4]],
      ],
    );
  });

  test("have at most fifty entries, oldest first", async () => {
    const { log, reports, reported } = await startLive();
    for (let n = 4; n <= 120; n += 1) log.observe(happens.received());
    await log.flush();
    assert.deepEqual(
      reports.map(({ entries }) => entries.length),
      [50, 50, 20],
    );
    assert.deepEqual(numbers(reported()), upTo(120));
  });

  test("that are refused go again with the next, from where it stopped, and with what came since", async () => {
    const bench = await startLive();
    const { log, platform, reports, reported } = bench;
    for (let n = 4; n <= 70; n += 1) log.observe(happens.received());
    bench.take = async ({ entries }) => {
      if (entries[0]?.seq !== 1) throw new Error("429");
    };
    await log.flush();
    assert.deepEqual(numbers(reported()), upTo(50));
    log.observe(happens.sent());
    bench.take = async () => {};
    await platform.pass(30_000);
    assert.deepEqual(numbers(reported()), upTo(71));
    assert.equal(reports.length, 2);
  });

  test("that nobody takes are not asked for again by each tab that hides, but by the next beat", async () => {
    const bench = await startLive();
    const { log, platform } = bench;
    let asked = 0;
    bench.take = async () => {
      asked += 1;
      throw new Error("503");
    };
    for (let tab = 0; tab < 20; tab++) {
      log.visible(true);
      log.visible(false);
      await settle();
    }
    assert.equal(asked, 1);
    await platform.pass(30_000);
    assert.equal(asked, 2);
    bench.take = async () => {};
    await platform.pass(30_000);
    log.observe(happens.received());
    log.visible(false);
    await settle();
    assert.deepEqual(numbers(bench.reported()), upTo(4));
  });

  test("go one at a time, however often they are asked for", async () => {
    const bench = await startLive();
    const { log, platform, reported } = bench;
    let release = () => {};
    let atOnce = 0;
    let most = 0;
    bench.take = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      atOnce -= 1;
    };
    const flushes = [log.flush(), log.flush()];
    await settle();
    log.observe(happens.received());
    await platform.pass(60_000);
    assert.equal(atOnce, 1);
    bench.take = async () => {};
    release();
    await Promise.all(flushes);
    assert.deepEqual(numbers(reported()), upTo(4));
    assert.equal(most, 1);
  });

  test("say how many entries were lost for want of room, once, when one has gone through again", async () => {
    const bench = await startLive();
    const { log, platform, reported } = bench;
    bench.take = () => Promise.reject(new Error("offline"));
    for (let n = 4; n <= 1_100; n += 1) {
      log.observe(happens.received());
      if (n % 100 === 0) await platform.pass(30_000);
    }
    assert.equal(log.metrics().logs.at(-1)?.event, "ws_message_received");
    bench.take = async () => {};
    await log.flush();
    assert.deepEqual(numbers(reported()), upTo(1_101, 101));
    const lost = reported().filter(({ event }) => event === "entries_dropped");
    assert.deepEqual(
      lost.map(({ seq, details }) => [seq, details]),
      [[1_101, { count: 100 }]],
    );
  });

  test("say nothing of a loss when only what was sent had to go", async () => {
    const { log, names } = await startLive();
    for (let n = 4; n <= 600; n += 1) log.observe(happens.received());
    await log.flush();
    for (let n = 601; n <= 1_200; n += 1) log.observe(happens.received());
    await log.flush();
    assert.equal(log.metrics().dropped, 200);
    assert.ok(!names().includes("entries_dropped"));
  });
});

describe("over restarts", () => {
  test("numbers go on, nothing is sent twice, and what was not sent goes at the next start", async () => {
    const first = await startLive();
    await first.platform.pass(30_000);
    first.log.observe(happens.sent());
    const second = await first.restart();
    assert.deepEqual(numbers(second.reported()), [1, 2, 3]);
    second.log.note("session_resumed");
    await settle();
    assert.deepEqual(numbers(second.reported()), [1, 2, 3, 4, 5]);
    assert.deepEqual(second.names().slice(3), ["ws_message_sent", "session_resumed"]);
    second.log.observe(happens.live);
    const third = await second.restart();
    third.log.note("session_resumed");
    await settle();
    assert.deepEqual(numbers(third.reported()), upTo(7));
  });

  test("nothing is lost of what a hub was sending when it was killed: the broker knows repeats by their number", async () => {
    const first = await startLive();
    first.take = () => new Promise(() => {});
    await first.platform.pass(30_000);
    const second = await first.restart("crash");
    second.log.note("session_resumed");
    await settle();
    assert.deepEqual(numbers(second.reported()), [1, 2, 3, 4]);
  });

  test("a session that begins anew goes on with the numbers and begins with the durations", async () => {
    const first = await startLive();
    await first.platform.pass(30_000);
    const second = await first.restart();
    second.log.note("session_started", { duration_ms: 0 });
    second.log.observe(happens.live);
    await second.platform.pass(30_000);
    assert.deepEqual(numbers(second.reported()), [1, 2, 3, 4, 5]);
    assert.equal(second.log.metrics().duration_ms, 30_000);
    assert.equal(second.reports.at(-1)?.durationMs, 30_000);
  });
});

describe("a log that has stopped", () => {
  test("still sends and tells, and writes nothing any more: what is kept may have been erased", async () => {
    const { log, platform, store, reported } = await startLive();
    await platform.pass(10_000);
    log.note("session_terminated");
    log.stop();
    await store.clear();
    await log.flush();
    log.observe(happens.ended);
    log.visible(false);
    assert.deepEqual(
      reported().map(({ event }) => event),
      ["ws_connecting", "session_started", "ws_connected", "ws_disconnected", "session_terminated"],
    );
    assert.deepEqual(reported().at(-1)?.details, { duration_ms: 10_000 });
    assert.equal(log.metrics().duration_ms, 10_000);
    assert.deepEqual([store.all("activity"), store.all("keep")], [[], []]);
  });

  test("leaves nothing behind of a session that never was", async () => {
    const { log, store } = await startLog();
    log.visible(true);
    log.stop();
    assert.deepEqual([store.all("activity"), store.all("keep")], [[], []]);
    assert.deepEqual(log.metrics(), { duration_ms: 0, connected_ms: 0, visible_ms: 0, logs: [], dropped: 0 });
  });
});

describe("a flush", () => {
  test("begins at once: what it is sent with may be thrown away right after", async () => {
    const bench = await startLive();
    let asked = false;
    bench.take = async () => {
      asked = true;
    };
    void bench.log.flush();
    assert.ok(asked);
  });
});

describe("timers", () => {
  test("run from the first that a session notes to its end, and on until all is sent", async () => {
    const bench = await startLog();
    const { log, platform, reported } = bench;
    log.observe(happens.connecting);
    log.visible(true);
    assert.equal(platform.timers, 0);
    log.note("session_started", { duration_ms: 0 });
    log.note("token_refreshed");
    assert.equal(platform.timers, 1);
    await platform.pass(600_000);
    assert.equal(platform.timers, 1);
    bench.take = () => Promise.reject(new Error("offline"));
    log.observe(happens.ended);
    await platform.pass(600_000);
    assert.equal(platform.timers, 1);
    bench.take = async () => {};
    await platform.pass(60_000);
    assert.equal(reported().at(-1)?.event, "conversation_ended");
    assert.equal(platform.timers, 0);
  });

  test("stop with the hub", async () => {
    const { log, platform } = await startLive();
    log.stop();
    assert.equal(platform.timers, 0);
  });
});
