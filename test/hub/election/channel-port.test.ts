/** Many ports over one channel, on the BroadcastChannel of Node, which has the browsers' manners. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { createExchange } from "../../../src/hub/election/channel-port.ts";
import type { Port } from "../../../src/hub/port.ts";
import { eventually } from "../../support/eventually.ts";

describe("ports over one channel", () => {
  const channels: BroadcastChannel[] = [];
  afterEach(() => {
    for (const channel of channels.splice(0)) channel.close();
  });
  const open = () => {
    const channel = new BroadcastChannel("channel-port.test");
    channels.push(channel);
    return channel;
  };

  /** Keeps what each stranger says, and answers him with his own words. */
  function openHub(channel = open()) {
    const heard: unknown[][] = [];
    const ports: Port<unknown, unknown>[] = [];
    const exchange = createExchange(channel, "hub", (port) => {
      const own: unknown[] = [];
      heard.push(own);
      ports.push(port);
      port.listen((message) => {
        own.push(message);
        port.post({ echo: message });
      });
    });
    return { heard, ports, exchange };
  }

  test("each tab has a port of its own, with its messages in order", async () => {
    const { heard } = openHub();
    const got: Record<string, unknown[]> = { one: [], two: [] };
    for (const name of ["one", "two"]) {
      const port = createExchange(open(), name).connect("hub");
      port.listen((message) => void got[name]?.push(message));
      port.post(`${name} a`);
      port.post(`${name} b`);
    }
    await eventually(() => assert.equal(got.one?.length, 2));
    await eventually(() => assert.equal(got.two?.length, 2));
    assert.deepEqual(got.one, [{ echo: "one a" }, { echo: "one b" }]);
    assert.deepEqual(got.two, [{ echo: "two a" }, { echo: "two b" }]);
    assert.deepEqual(heard.length, 2);
  });

  test("what is none of ours on the channel is left alone", async () => {
    const { heard } = openHub();
    const channel = open();
    for (const odd of [
      null,
      "text",
      7,
      { to: "hub" },
      { from: 1, to: "hub" },
      { from: "x", to: "another", message: 1 },
    ])
      channel.postMessage(odd);
    createExchange(channel, "tab").connect("hub").post("hello");
    await eventually(() => assert.deepEqual(heard, [["hello"]]));
  });

  test("a stranger is not heard by who accepts none", async () => {
    const channel = open();
    const tab = createExchange(channel, "tab");
    const got: unknown[] = [];
    tab.connect("hub").listen((message) => void got.push(message));
    createExchange(open(), "intruder").connect("tab").post("psst");
    createExchange(open(), "hub").connect("tab").post("hello");
    await eventually(() => assert.deepEqual(got, ["hello"]));
  });

  test("a port that is closed hears and says nothing more, and who writes again begins anew", async () => {
    const { heard, ports } = openHub();
    const tab = createExchange(open(), "tab");
    const first = tab.connect("hub");
    first.post("one");
    await eventually(() => assert.deepEqual(heard, [["one"]]));
    first.close();
    first.post("never");
    ports[0]?.close();
    tab.connect("hub").post("two");
    await eventually(() => assert.deepEqual(heard, [["one"], ["two"]]));
  });

  test("an end that has left throws at nobody, even where its channel is closed", async () => {
    const channel = open();
    const tab = createExchange(channel, "tab");
    const port = tab.connect("hub");
    const { heard } = openHub();
    port.post("on its way");
    tab.close();
    channel.close();
    assert.doesNotThrow(() => port.post("late"));
    createExchange(open(), "other").connect("hub").post("hello");
    await eventually(() => assert.deepEqual(heard.at(-1), ["hello"]));
    assert.equal(heard.flat().includes("late"), false);
  });
});
