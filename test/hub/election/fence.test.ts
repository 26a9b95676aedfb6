/** The fence around a leader's sockets, with a lock manager and a clock of the test's. */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { fence } from "../../../src/hub/election/fence.ts";
import type { PlatformSocket } from "../../../src/session/platform.ts";
import { eventually } from "../../support/eventually.ts";

describe("a leader's socket", () => {
  let sent: string[];
  let now: number;
  let readyState: number;
  /** What is asked of the lock manager, in order, and not answered yet. */
  let questions: ((leads: boolean) => void)[];
  let socket: PlatformSocket;

  beforeEach(() => {
    sent = [];
    now = 0;
    questions = [];
    readyState = 1;
    const bare: PlatformSocket = {
      get readyState() {
        return readyState;
      },
      send: (text) => void sent.push(text),
      close: () => {},
      addEventListener: () => {},
    };
    const clock = { now: () => now, monotonic: () => now, after: () => () => {} };
    socket = fence(bare, { clock, leads: () => new Promise((resolve) => questions.push(resolve)) });
  });

  const answer = async (leads: boolean) => {
    await eventually(() => assert.ok(questions.length > 0));
    questions.shift()?.(leads);
  };

  test("sends in order, each text once it is certain that its tab leads", async () => {
    socket.send("one");
    socket.send("two");
    await eventually(() => assert.equal(questions.length, 1));
    assert.deepEqual(sent, []);
    await answer(true);
    await answer(true);
    await eventually(() => assert.deepEqual(sent, ["one", "two"]));
  });

  test("sends nothing where another tab leads", async () => {
    socket.send("one");
    await answer(false);
    socket.send("two");
    await answer(true);
    await eventually(() => assert.deepEqual(sent, ["two"]));
  });

  test("asks again after a freeze that came between question and answer", async () => {
    socket.send("one");
    await eventually(() => assert.equal(questions.length, 1));
    now += 5_000;
    await answer(true);
    await answer(false);
    socket.send("two");
    await answer(true);
    await eventually(() => assert.deepEqual(sent, ["two"]));
  });

  test("is spared what it is to send when it has closed meanwhile: the page's console would tell of each", async () => {
    socket.send("one");
    socket.send("two");
    readyState = 3;
    await answer(true);
    // It is the next one's turn.
    await eventually(() => assert.equal(questions.length, 1));
    readyState = 1;
    await answer(true);
    await eventually(() => assert.deepEqual(sent, ["two"]));
  });
});
