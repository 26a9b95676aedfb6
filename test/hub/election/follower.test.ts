/** A follower and those that lead it, one after the other; time is the test's, the channel is Node's own. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { createExchange } from "../../../src/hub/election/channel-port.ts";
import { type Answer, follow, isQuestion } from "../../../src/hub/election/follower.ts";
import { PORT_VERSION, type TabPort } from "../../../src/hub/port.ts";
import { eventually } from "../../support/eventually.ts";
import { createFakePlatform } from "../../support/fake-platform.ts";

const REQUEST = { id: "1", at: 0, command: { type: "open" } } as const;

describe("a follower", () => {
  let own: BroadcastChannel;
  let others: BroadcastChannel;
  let platform: ReturnType<typeof createFakePlatform>;
  let questions: number;
  let ports: TabPort[];
  let silences: number;
  let stop: () => void;

  beforeEach(() => {
    own = new BroadcastChannel("follower.test");
    others = new BroadcastChannel("follower.test");
    platform = createFakePlatform();
    questions = 0;
    ports = [];
    silences = 0;
    others.onmessage = ({ data }) => {
      if (isQuestion(data)) questions += 1;
    };
    stop = follow(own, {
      clock: platform.clock,
      onLeader: (connect) => ports.push(connect()),
      onSilence: () => {
        silences += 1;
      },
    });
  });
  afterEach(() => {
    stop();
    own.close();
    others.close();
  });

  const say = (answer: unknown) => others.postMessage(answer);
  const leads = async (leader: string) => {
    say({ leader, portVersion: PORT_VERSION } satisfies Answer);
    const before = ports.length;
    await eventually(() => assert.equal(ports.length, before + 1));
  };

  test("asks who leads, and gets a port to the one that answers, once", async () => {
    await eventually(() => assert.equal(questions, 1));
    const arrived: unknown[] = [];
    createExchange(others, "first", (port) => port.listen((message) => void arrived.push(message)));
    await leads("first");
    say({ leader: "first", portVersion: PORT_VERSION });
    say({ leader: 1, portVersion: PORT_VERSION });
    ports[0]?.post(REQUEST);
    await eventually(() => assert.deepEqual(arrived, [REQUEST]));
    assert.equal(ports.length, 1);
  });

  test("goes over to another one as soon as that one says that it leads", async () => {
    await leads("first");
    await leads("second");
    assert.equal(ports.length, 2);
  });

  test("asks again whenever it posts, and once is enough until there is an answer", async () => {
    await leads("first");
    await eventually(() => assert.equal(questions, 1));
    ports[0]?.post(REQUEST);
    ports[0]?.post(REQUEST);
    ports[0]?.post(REQUEST);
    await eventually(() => assert.equal(questions, 2));
    say({ leader: "first", portVersion: PORT_VERSION });
    // The answer is heard before what is posted on the same channel after it.
    await leads("second");
    await platform.pass(60_000);
    assert.equal(silences, 0);
    assert.equal(questions, 2);
  });

  test("tells of a leader that does not answer for 5 s, and not before", async () => {
    await leads("first");
    ports[0]?.post(REQUEST);
    await platform.pass(4_999);
    assert.equal(silences, 0);
    await platform.pass(1);
    assert.equal(silences, 1);
    await eventually(() => assert.equal(questions, 3));
  });

  test("tells of it where nobody has answered from the beginning", async () => {
    await platform.pass(5_000);
    assert.equal(silences, 1);
  });

  test("that has stopped asks nothing, hears nothing and posts nothing, on a closed channel either", async () => {
    await leads("first");
    const [port] = ports as [TabPort];
    stop();
    say({ leader: "second", portVersion: PORT_VERSION });
    own.close();
    assert.doesNotThrow(() => port.post(REQUEST));
    await platform.pass(60_000);
    assert.deepEqual([silences, ports.length, platform.timers], [0, 1, 0]);
  });
});
