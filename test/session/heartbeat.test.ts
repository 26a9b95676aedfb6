/** Heartbeat: a link that is quiet is asked, and one that does not answer is dead. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startHeartbeat } from "../../src/session/heartbeat.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

function start() {
  const platform = createFakePlatform();
  const told: string[] = [];
  const heartbeat = startHeartbeat(
    platform.clock,
    () => told.push("probe"),
    () => told.push("dead"),
  );
  return { heartbeat, platform, told };
}

test("a link that talks is never asked", async () => {
  const { heartbeat, platform, told } = start();
  for (let i = 0; i < 20; i += 1) {
    await platform.pass(29_000);
    heartbeat.heard();
  }
  assert.deepEqual(told, []);
});

test("a link that is quiet for 30 s is asked, and dead 10 s later (row 9)", async () => {
  const { platform, told } = start();
  await platform.pass(29_999);
  assert.deepEqual(told, []);
  await platform.pass(1);
  assert.deepEqual(told, ["probe"]);
  await platform.pass(9_999);
  assert.deepEqual(told, ["probe"]);
  await platform.pass(1);
  assert.deepEqual(told, ["probe", "dead"]);
});

test("any frame is an answer", async () => {
  const { heartbeat, platform, told } = start();
  await platform.pass(35_000);
  heartbeat.heard();
  await platform.pass(29_999);
  assert.deepEqual(told, ["probe"]);
});

test("after a wake the link is asked at once, and only once however often the machine wakes", async () => {
  const { heartbeat, platform, told } = start();
  heartbeat.check();
  heartbeat.check();
  assert.deepEqual(told, ["probe"]);
  await platform.pass(5_000);
  heartbeat.check();
  await platform.pass(5_000);
  assert.deepEqual(told, ["probe", "dead"], "a second look does not put the end off");
});

test("after its stop nothing is asked and no timer is left", async () => {
  const { heartbeat, platform, told } = start();
  heartbeat.check();
  heartbeat.stop();
  assert.equal(platform.timers, 0);
  await platform.pass(60_000);
  assert.deepEqual(told, ["probe"]);
});
