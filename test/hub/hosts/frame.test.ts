/** The frame host: how long it waits for its frame, by a clock of the test's. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { frameHost } from "../../../src/hub/hosts/frame.ts";
import type { FrameNews } from "../../../src/hub/hosts/hello.ts";
import type { TabPort } from "../../../src/hub/port.ts";
import { OPTIONS } from "../support.ts";

const SILENT = "https://cdn.example/hub.html is silent";

/** What the host needs of an iframe; what it says comes to `answer` with the port. */
class Frame extends EventTarget {
  sandbox = { add() {} };
  style = { setProperty() {} };
  removed = false;
  port: MessagePort | null = null;
  contentWindow = {
    postMessage: (_hello: unknown, _origin: string, [port]: MessagePort[]) => {
      this.port = port ?? null;
    },
  };
  load = () => this.dispatchEvent(new Event("load"));
  remove = () => {
    this.removed = true;
  };
}

describe("the frame", () => {
  let frame: Frame;
  let ends: MessagePort[] = [];
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    frame = new Frame();
    const document = { createElement: () => frame, documentElement: { append() {} } };
    Object.assign(globalThis, { document });
  });
  afterEach(() => {
    mock.timers.reset();
    Reflect.deleteProperty(globalThis, "document");
    for (const port of [frame.port, ...ends]) port?.close();
    ends = [];
  });

  /** What has become of it so far: it waits, it is up, or why not. */
  function start() {
    let fate = "waits";
    const never = () => assert.fail("called");
    const heard = new Promise<TabPort>((onPort) => {
      frameHost({
        options: OPTIONS,
        host: "auto",
        workerUrl: "https://cdn.example/worker.js",
        tab: "tab-1",
        signal: new AbortController().signal,
        onPort,
        onDegraded: never,
        onFailed: never,
        onLost: never,
      }).then(
        () => (fate = "up"),
        ({ message }) => (fate = message),
      );
    });
    return {
      heard,
      async after(ms: number) {
        mock.timers.tick(ms);
        await new Promise(setImmediate);
        return fate;
      },
    };
  }
  function answer(news: FrameNews, ...ports: MessagePort[]) {
    ends.push(...ports);
    frame.port?.postMessage(news, ports);
  }

  test("that loads and says nothing, as one that is forbidden, is given up 1.5 s after its load (row 52)", async () => {
    const { after } = start();
    frame.load();
    assert.equal(await after(1_499), "waits");
    assert.equal(await after(1), SILENT);
    assert.ok(frame.removed);
  });

  test("that ends in an error, as a forbidden one does in Firefox, is given up at once (row 52)", async () => {
    const { after } = start();
    frame.dispatchEvent(new Event("error"));
    assert.equal(await after(0), SILENT);
    assert.ok(frame.removed);
  });

  test("that a slow network loads for 9 s has 1.5 s from then on, and is the host", async () => {
    const { after, heard } = start();
    assert.equal(await after(9_000), "waits");
    frame.load();
    assert.equal(await after(1_400), "waits");
    const { port1, port2 } = new MessageChannel();
    ends.push(port1);
    answer({}, port2);
    (await heard).close();
    assert.equal(await after(20_000), "up");
    assert.ok(!frame.removed);
  });

  test("that never loads is given up after 10 s (row 52)", async () => {
    const { after } = start();
    assert.equal(await after(9_999), "waits");
    assert.equal(await after(1), SILENT);
    assert.ok(frame.removed);
  });
});
