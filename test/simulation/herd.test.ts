/** Ten thousand clients lose their connections at one instant, and the server can take only a thousand a minute. */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { drawHerd, type Herd, type HerdRequest } from "./herd.ts";

const CLIENTS = 10_000;

test("ten thousand that drop at once are all back in 20 minutes, and never more than 250 ask in a second (row 78)", async () => {
  const asked: HerdRequest = { clients: CLIENTS, admittedPerMinute: 1_000, retryAfter: 60, seed: 78 };
  const child = fork(fileURLToPath(new URL("herd-player.js", import.meta.url)), [JSON.stringify(asked)], {
    execArgv: [],
  });
  const [herd] = (await once(child, "message")) as [Herd];
  console.log(drawHerd(herd));
  const report = readFileSync(fileURLToPath(new URL("../../../test/reliability/herd.txt", import.meta.url)), "utf8");
  assert.equal(drawHerd(herd), report.trimEnd(), "what the report draws: put what is printed above into herd.txt");
  const { attempts, back } = herd;
  const sum = (list: readonly number[]) => list.reduce((one, other) => one + other, 0);
  assert.equal(sum(back), CLIENTS, "all are back");
  assert.ok(back.length <= 20, `the last came back in minute ${back.length}`);
  assert.ok(sum(attempts) / CLIENTS <= 12, `${sum(attempts) / CLIENTS} attempts a client`);
  const most = Math.max(...attempts.slice(60));
  assert.ok(most <= 250, `${most} attempts in one second after the first minute`);
});
