/** The hub frame: whom it listens to, and what it makes of what the page around it says. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { ChatError } from "../../../src/chat/error.ts";
import { startFrameHub } from "../../../src/hub/hosts/frame-hub.ts";
import { type FrameNews, toHello } from "../../../src/hub/hosts/hello.ts";
import type { HostRequest } from "../../../src/hub/hosts/rung.ts";
import { toPort } from "../../../src/hub/message-port.ts";
import type { TabPort, Update, Upward } from "../../../src/hub/port.ts";
import { createPortPair } from "../../../src/hub/port-pair.ts";
import { joinOf, OPTIONS } from "../support.ts";

const SHOP = "https://shop.example";
const hello = toHello("tab-1", OPTIONS);
const page = { name: "the page around the frame" };

let ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports) port.close();
  ports = [];
});

/** A frame whose window and hub are the test's. */
function createFrame() {
  const scope = new EventTarget();
  const started: HostRequest[] = [];
  startFrameHub({
    scope,
    parent: page,
    startHost: (request) => {
      started.push(request);
      return () => {};
    },
  });
  /** Gives the page's end of the port that came along. */
  function say(data: unknown, { origin = SHOP, source = page as unknown, withPort = true } = {}): MessagePort {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const inbox: MessageEvent<FrameNews>[] = [];
    inboxes.set(port1, inbox);
    port1.onmessage = (event) => inbox.push(event);
    scope.dispatchEvent(Object.assign(new Event("message"), { data, origin, source, ports: withPort ? [port2] : [] }));
    return port1;
  }
  return { say, started };
}

/** What has come and nobody has looked at, by port. */
const inboxes = new Map<MessagePort, MessageEvent<FrameNews>[]>();

async function next(port: MessagePort): Promise<{ data: FrameNews; ports: readonly MessagePort[] }> {
  for (;;) {
    const event = inboxes.get(port)?.shift();
    if (event) {
      ports.push(...event.ports);
      return event;
    }
    await new Promise(setImmediate);
  }
}

describe("a hello", () => {
  const wrong: [what: string, data: unknown, how?: Parameters<ReturnType<typeof createFrame>["say"]>[1]][] = [
    ["of a window that is not the page around the frame", hello, { source: { name: "a stranger" } }],
    ["of no window at all", hello, { source: null }],
    ["of a page without an origin", hello, { origin: "null" }],
    ["without a port to answer on", hello, { withPort: false }],
    ["that is a text", "hello"],
    ["that is nothing", null],
    ["that is a list", [hello]],
    ["without its word", { ...hello, hello: undefined }],
    ["with another word", { ...hello, hello: "hello" }],
    ["without a tab", { ...hello, tab: undefined }],
    ["with a tab that is no name", { ...hello, tab: { toString: "x" } }],
    ["with a tab of 101 characters", { ...hello, tab: "x".repeat(101) }],
    ["without options", { ...hello, options: undefined }],
    ["with options that are a list", { ...hello, options: [] }],
    ["that is a join", joinOf("tab-1")],
    ["that only inherits what it should have", Object.create(hello)],
  ];
  for (const [what, data, how] of wrong) {
    test(`${what} is ignored, and a good one after it is taken (S14)`, async () => {
      const { say, started } = createFrame();
      const ignored = say(data, how);
      assert.equal(started.length, 0);
      const port = say(hello);
      assert.deepEqual((await next(port)).data, {});
      assert.equal(started.length, 1);
      // Had the first been answered, that would have been before.
      assert.deepEqual(inboxes.get(ignored), []);
    });
  }

  test("is taken once: a second one starts nothing and gets no answer, whoever says it (S14)", async () => {
    const { say, started } = createFrame();
    const first = say(hello);
    await next(first);
    const second = say(toHello("tab-2", OPTIONS));
    const third = say(hello, { origin: "https://evil.example" });
    started[0]?.onDegraded(new ChatError("CHAT_HOST"));
    await next(first);
    assert.deepEqual([inboxes.get(second), inboxes.get(third)], [[], []]);
    assert.equal(started.length, 1);
    assert.equal(started[0]?.tab, "tab-1");
  });

  test("names its site by the browser's word, never by its own (S14)", () => {
    const { say, started } = createFrame();
    say(toHello("tab-1", { ...OPTIONS, embedder: "https://bank.example" }));
    assert.deepEqual(started[0]?.options, { ...OPTIONS, embedder: SHOP });
    assert.equal(started[0]?.host, "auto");
  });
});

describe("between the page and its hub", () => {
  async function open() {
    const { say, started } = createFrame();
    const control = say(hello);
    await next(control);
    const request = started[0] as HostRequest;
    /** The hub gives out a port; both ends of the way. */
    async function giveOut() {
      const [tab, hub] = createPortPair<Upward, Update>();
      request.onPort(tab);
      const { ports } = await next(control);
      const port: TabPort = toPort(ports[0] as MessagePort);
      const heard: unknown[] = [];
      let wake = () => {};
      hub.listen((message) => {
        heard.push(message);
        wake();
      });
      const hears = async (count: number) => {
        while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve));
        return heard;
      };
      return { port, hub, hears };
    }
    return { control, request, giveOut };
  }

  test("requests go up and updates come down as they are", async () => {
    const { port, hub, hears } = await (await open()).giveOut();
    const request = { id: "a", at: 1, command: { type: "open" } } as const;
    port.post(joinOf("tab-1") as Upward);
    port.post(request);
    assert.deepEqual((await hears(2))[1], request);
    const update = new Promise((resolve) => port.listen(resolve));
    hub.post({ state: { phase: "live" } });
    assert.deepEqual(await update, { state: { phase: "live" } });
  });

  test("whatever the page says in its join, the tab and the options are the hello's, with the frame's embedder", async () => {
    const { giveOut } = await open();
    const expected = { tab: "tab-1", options: { ...OPTIONS, embedder: SHOP } };
    const lies = [
      joinOf("tab-of-another", { ...OPTIONS, broker: "https://evil.example", embedder: "https://bank.example" }),
      { type: "join", portVersion: 1 },
    ];
    for (const lie of lies) {
      const { port, hears } = await giveOut();
      port.post(lie as Upward);
      assert.deepEqual(await hears(1), [{ type: "join", portVersion: 1, ...expected }]);
    }
    const { port, hears } = await giveOut();
    port.post("no join at all" as unknown as Upward);
    assert.deepEqual(await hears(1), [expected]);
  });

  test("a later hub's port is given out, too, and joined anew", async () => {
    const { giveOut } = await open();
    await giveOut();
    const { port, hears } = await giveOut();
    port.post(joinOf("tab-1") as Upward);
    assert.deepEqual((await hears(1))[0], { ...joinOf("tab-1"), options: { ...OPTIONS, embedder: SHOP } });
  });

  test("what went wrong in the frame is told to the page by code and detail", async () => {
    const { control, request } = await open();
    request.onDegraded(new ChatError("CHAT_HOST", "worker: the worker did not start"));
    const error = { code: "CHAT_HOST", detail: "worker: the worker did not start" };
    assert.deepEqual((await next(control)).data, { degraded: error });
    request.onFailed(new ChatError("CHAT_HOST", "page: no"));
    assert.deepEqual((await next(control)).data, { failed: { code: "CHAT_HOST", detail: "page: no" } });
  });
});
