/** Networks as guests have them: half open, captured, gone, slow; and clocks that jump. Nothing typed is lost in any. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type FakePlatform, settle } from "../support/fake-platform.ts";
import { fromAgent, problem, type Scene, sentFrames, sessionAnswer, startScene } from "../support/guest-api-script.ts";
import { judgement } from "../support/judgement.ts";

const HOUR = 3_600_000;

/** Every socket that is opened is refused, as a browser sees it, until the returned way out is taken. */
function blockSockets(platform: FakePlatform): () => void {
  const { openSocket } = platform;
  platform.openSocket = (url) => {
    const socket = openSocket(url);
    const { close } = platform.socket;
    setImmediate(() => void close(1006));
    return socket;
  };
  return () => {
    platform.openSocket = openSocket;
  };
}

const calls = (platform: FakePlatform) => platform.requests.map(({ url }) => url.replace("http://broker.test/v1", ""));
const reasonOf = ({ session }: Scene) => session.chat.state.reason?.code;

async function passUntil(platform: FakePlatform, isThere: () => boolean): Promise<void> {
  for (let second = 0; second < 300 && !isThere(); second += 1) await platform.pass(1_000);
  assert.ok(isThere(), "not within 5 minutes");
}

describe("a network that lets HTTP through and no socket", () => {
  async function start() {
    const scene = await startScene();
    const unblock = blockSockets(scene.platform);
    await scene.say("hi", "a");
    return { ...scene, unblock };
  }

  test("is told as such after three sockets that never opened, and the text is kept (row 14)", async () => {
    const scene = await start();
    const { deliveries, platform, session } = scene;
    assert.equal(reasonOf(scene), "CHAT_CONNECTION_LOST");
    const told: string[] = [];
    session.subscribe(({ state }) => {
      if (state?.phase === "waiting") told.push(`${platform.sockets.length} ${state.reason?.code}`);
    });
    await passUntil(platform, () => told.length >= 2);
    assert.deepEqual(told.slice(0, 2), ["2 CHAT_CONNECTION_LOST", "3 CHAT_SOCKET_BLOCKED"]);
    assert.equal(session.chat.state.phase, "waiting");
    assert.equal(reasonOf(scene), "CHAT_SOCKET_BLOCKED");
    assert.deepEqual(deliveries(), ["sending"]);
  });

  test("is asked over HTTP once whether the credentials are good, however long it lasts (row 14)", async () => {
    const { platform } = await start();
    await platform.pass(HOUR / 4);
    assert.deepEqual(calls(platform), ["/sessions", "/sessions/refresh"]);
    assert.ok(platform.sockets.length > 20);
  });

  test("once it lets a socket through, the text arrives once and the reason is gone", async () => {
    const scene = await start();
    const { deliveries, echo, goLive, platform, session, unblock } = scene;
    await platform.pass(120_000);
    unblock();
    const before = platform.sockets.length;
    await passUntil(platform, () => platform.sockets.length > before);
    await goLive();
    assert.deepEqual(
      sentFrames(platform, "message").map(({ payload }) => payload),
      [{ id: "a", text: "hi" }],
    );
    await echo("a", "s1");
    assert.deepEqual(deliveries(), ["sent"]);
    assert.equal(session.chat.state.phase, "live");
    assert.equal(session.chat.state.reason, undefined);
  });

  test("credentials that turn out to be refused end it, with the broker's reason (row 14)", async () => {
    const scene = await start();
    scene.platform.answer = (url) =>
      url.endsWith("/refresh") ? problem(403, "origin_not_allowed") : sessionAnswer(scene.platform);
    await passUntil(scene.platform, () => scene.session.chat.state.phase === "failed");
    assert.equal(reasonOf(scene), "CHAT_NOT_ALLOWED");
    assert.deepEqual(scene.texts(), ["hi"]);
  });
});

describe("a captive portal", () => {
  const portal = () => new Response("<h1>Accept our terms</h1>", { headers: { "Content-Type": "text/html" } });

  test("is waited out, and the text is sent when it lets the guest through (row 15)", async () => {
    const scene = await startScene();
    const { deliveries, echo, goLive, platform, say, session } = scene;
    platform.answer = portal;
    await say("hi", "a");
    await platform.pass(60_000);
    assert.equal(session.chat.state.phase, "waiting");
    assert.equal(reasonOf(scene), "CHAT_BROKER_INVALID");
    platform.answer = () => sessionAnswer(platform);
    await passUntil(platform, () => platform.sockets.length === 1);
    await goLive();
    await echo("a", "s1");
    assert.deepEqual(deliveries(), ["sent"]);
  });

  test("that lies in the way of a socket's host does not stop the chat for good (row 15)", async () => {
    const { ask, platform, session } = await startScene();
    await ask({ type: "open" });
    for (let i = 0; i < 10; i += 1) {
      await platform.socket.close(1015);
      await platform.pass(31_000);
    }
    assert.notEqual(session.chat.state.phase, "failed");
    assert.ok(platform.sockets.length > 10);
  });
});

describe("a broker", () => {
  test("that cannot be reached is tried again by itself, with the same key, and nothing typed is lost", async () => {
    const scene = await startScene();
    const { echo, goLive, platform, say, texts } = scene;
    platform.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await say("one", "a");
    await platform.pass(60_000);
    await say("two", "b");
    assert.equal(reasonOf(scene), "CHAT_BROKER_UNREACHABLE");
    assert.equal(scene.session.chat.state.phase, "waiting");
    platform.answer = () => sessionAnswer(platform);
    await passUntil(platform, () => platform.sockets.length === 1);
    assert.equal(new Set(platform.requests.map(({ headers }) => headers["Idempotency-Key"])).size, 1);
    await goLive();
    await echo("a", "s1");
    await echo("b", "s2");
    assert.deepEqual(texts(), ["one", "two"]);
  });

  test("that refuses the page's origin is not asked again until the guest tries again", async () => {
    const scene = await startScene();
    const { ask, platform, session } = scene;
    platform.answer = () => problem(403, "origin_not_allowed");
    await ask({ type: "open" });
    await platform.pass(HOUR);
    assert.equal(session.chat.state.phase, "failed");
    assert.equal(reasonOf(scene), "CHAT_NOT_ALLOWED");
    assert.equal(platform.requests.length, 1);
    platform.answer = () => sessionAnswer(platform);
    await ask({ type: "open" });
    assert.equal(session.chat.state.phase, "connecting");
  });

  test("that asks for a pause is left in peace for once to twice as long (row 37)", async () => {
    const { ask, platform, session } = await startScene();
    platform.answer = () => problem(503, "upstream_unavailable", { retryAfter: 20 });
    await ask({ type: "open" });
    assert.equal(session.chat.state.reason?.code, "CHAT_UNAVAILABLE");
    await platform.pass(19_999);
    assert.equal(platform.requests.length, 1);
    await platform.pass(20_002);
    assert.ok(platform.requests.length >= 2);
  });

  test("behind a proxy that asks for a pause in the broker's place is left in peace, too (row 37)", async () => {
    const { ask, platform } = await startScene();
    platform.answer = () => new Response("<h1>Busy</h1>", { status: 503, headers: { "Retry-After": "20" } });
    await ask({ type: "open" });
    await platform.pass(19_999);
    assert.equal(platform.requests.length, 1);
    await platform.pass(20_002);
    assert.ok(platform.requests.length >= 2);
  });

  test("that asks for a pause is left in peace however often the network comes back meanwhile (row 37)", async () => {
    const { ask, platform } = await startScene();
    platform.answer = () => problem(503, "upstream_unavailable", { retryAfter: 60 });
    await ask({ type: "open" });
    for (let second = 0; second < 59; second += 1) {
      await platform.wake();
      await platform.pass(1_000);
    }
    assert.equal(platform.requests.length, 1);
    await platform.pass(61_000);
    assert.equal(platform.requests.length, 2);
  });

  test("whose token is malformed is not connected to Genesys with it", async () => {
    const scene = await startScene({ answer: { claims: { routing_hints: {} } } });
    await scene.ask({ type: "open" });
    assert.equal(scene.session.chat.state.phase, "failed");
    assert.equal(reasonOf(scene), "CHAT_TOKEN_INVALID");
    assert.match(scene.session.chat.state.reason?.detail ?? "", /routing_hints/);
    assert.equal(scene.platform.sockets.length, 0);
  });
});

describe("time", () => {
  test("a token that ran out while nobody was here is refreshed first, and the transcript goes on (row 41)", async () => {
    const first = await startScene();
    await first.say("one", "a");
    await first.goLive();
    await first.echo("a", "s1");
    first.session.stop();
    first.platform.jump(26 * HOUR);
    const second = await first.restart();
    assert.deepEqual(calls(second.platform), ["/sessions", "/sessions/refresh"]);
    await second.goLive();
    assert.deepEqual(sentFrames(second.platform, "resume")[0]?.payload, { after: "s1" });
    assert.deepEqual(second.texts(), ["one"]);
  });

  test("a machine that slept past its token refreshes it when it wakes, while the link still stands (row 41)", async () => {
    const { ask, goLive, platform } = await startScene();
    await ask({ type: "open" });
    await goLive();
    platform.jump(HOUR - 60_000);
    await platform.wake();
    await platform.pass(2_000);
    assert.deepEqual(calls(platform), ["/sessions", "/sessions/refresh"]);
  });

  test("a machine that wakes looks at its link at once, and leaves a dead one within 10 s (row 19)", async () => {
    const { ask, goLive, platform } = await startScene();
    await ask({ type: "open" });
    await goLive([], { silent: true });
    await platform.wake();
    await platform.pass(10_000);
    assert.ok(platform.sockets[0]?.closedWith);
    await platform.pass(1_000);
    assert.equal(platform.sockets.length, 2);
  });

  test("a machine that slept and told nobody, its clocks standing still, looks at its link within 5 s (row 19)", async () => {
    const { ask, goLive, platform, session } = await startScene();
    await ask({ type: "open" });
    await goLive([], { silent: true });
    platform.jump(1_800_000);
    await platform.pass(5_000);
    assert.equal(sentFrames(platform, "ping").length, 1);
    await platform.pass(10_000);
    assert.equal(session.chat.state.phase, "waiting");
  });

  test("a clock that is set back changes neither the order typed nor the order sent (row 20)", async () => {
    const { echo, goLive, platform, say, texts } = await startScene();
    await say("one", "a");
    platform.jump(-HOUR);
    await say("two", "b");
    assert.deepEqual(texts(), ["one", "two"]);
    await goLive();
    await echo("a", "s1");
    assert.deepEqual(
      sentFrames(platform, "message").map(({ payload }) => payload?.text),
      ["one", "two"],
    );
  });

  test("a clock that was set back between two lives does not put new texts above old ones (row 20)", async () => {
    const first = await startScene();
    first.platform.answer = () => Promise.reject(new TypeError("offline"));
    await first.say("one", "a");
    first.session.stop();
    first.platform.jump(-HOUR);
    const second = await first.restart();
    await second.say("two", "b");
    assert.deepEqual(second.texts(), ["one", "two"]);
  });

  test("a broker whose tokens are all but over when they come is asked once a second at most", async () => {
    const { ask, goLive, platform } = await startScene({ answer: { seconds: 1 } });
    await ask({ type: "open" });
    for (let second = 0; second < 20; second += 1) {
      if (!platform.socket.closedWith) await goLive();
      await platform.pass(1_000);
    }
    assert.ok(platform.requests.length <= 22, `${platform.requests.length} requests`);
  });

  test("a token of many months is not refreshed the moment it comes (row 22)", async () => {
    const { ask, goLive, platform } = await startScene({ answer: { seconds: 90 * 86_400 } });
    await ask({ type: "open" });
    await goLive();
    await platform.pass(HOUR);
    assert.deepEqual(calls(platform), ["/sessions"]);
    assert.equal(platform.sockets.length, 1);
  });
});

describe("a rough line", () => {
  test("that drops again and again delivers every text once and in order (row 80)", async () => {
    const { deliveries, echo, goLive, platform, say, texts } = await startScene();
    const typed = Array.from({ length: 12 }, (_, n) => `text ${n}`);
    const arrived = new Map<string, string>();
    let sockets = 0;
    for (const [n, text] of typed.entries()) await say(text, `id-${String(n).padStart(2, "0")}`);
    while (arrived.size < typed.length) {
      await passUntil(platform, () => platform.sockets.length > sockets);
      sockets = platform.sockets.length;
      await goLive();
      for (let n = 0; n < 3; n += 1) {
        const { id, text } = (sentFrames(platform, "message").at(-1)?.payload ?? {}) as { id: string; text: string };
        arrived.set(id, text);
        // Of every third the echo is lost with the line.
        if (n < 2) await echo(id, `s-${id}`);
      }
      await platform.socket.close(1006);
      await settle();
    }
    assert.deepEqual([...arrived.values()], typed);
    assert.deepEqual(texts(), typed);
    assert.ok(deliveries().filter((delivery) => delivery === "sent").length >= typed.length - 1);
  });

  for (const { what, upMs, longestMs } of [
    { what: "forgiven once a connection held for 10 s", upMs: 11_000, longestMs: 500 },
    { what: "not forgiven for a connection that held less", upMs: 9_000, longestMs: 30_000 },
  ]) {
    test(`many failures are ${what} (row 80)`, async () => {
      const { ask, goLive, platform } = await startScene();
      platform.random = () => 1;
      await ask({ type: "open" });
      for (let n = 0; n < 7; n += 1) {
        await goLive();
        await platform.socket.close(1006);
        await platform.pass(30_000);
      }
      await goLive();
      await platform.pass(upMs);
      await platform.socket.close(1006);
      const sockets = platform.sockets.length;
      await platform.pass(longestMs - 1);
      assert.equal(platform.sockets.length, sockets, "too soon");
      await platform.pass(1);
      assert.equal(platform.sockets.length, sockets + 1);
    });
  }

  test("that does not bring what judges failures is tried again within 5 s all the same, and judged when it can be", async () => {
    let isThere = false;
    const fetched: boolean[] = [];
    const { ask, platform, session } = await startScene({
      judgement: () => {
        fetched.push(isThere);
        return isThere ? judgement() : Promise.reject(new TypeError("Failed to fetch"));
      },
    });
    platform.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await ask({ type: "open" });
    for (let n = 1; n < 4; n += 1) {
      assert.equal(session.chat.state.phase, "waiting");
      assert.equal(session.chat.state.reason?.code, "CHAT_BROKER_UNREACHABLE");
      const asked = platform.requests.length;
      await platform.pass(5_000);
      assert.ok(platform.requests.length > asked, "not tried again");
    }
    isThere = true;
    platform.answer = () => problem(403, "origin_not_allowed");
    await platform.pass(5_000);
    assert.equal(session.chat.state.phase, "failed");
    assert.equal(fetched.at(-1), true);
  });

  test("that has gone before what cares for it was fetched leaves no timer behind", async () => {
    let bring = () => {};
    const fetched = new Promise<void>((resolve) => {
      bring = resolve;
    });
    const { ask, goLive, platform, session } = await startScene({ judgement: () => fetched.then(judgement) });
    await ask({ type: "open" });
    await goLive();
    session.stop();
    bring();
    await settle();
    assert.equal(platform.timers, 0);
  });

  test("that has had frames that nobody can read leaves no timer behind either: a program could not end for a minute", async () => {
    const { ask, goLive, platform, session } = await startScene();
    await ask({ type: "open" });
    await goLive();
    await platform.socket.send({ nonsense: true });
    session.stop();
    await settle();
    assert.equal(platform.timers, 0);
  });

  test("what judges failures is fetched while all is well: the network that fails could not bring it", async () => {
    let fetched = 0;
    const { ask, goLive } = await startScene({
      judgement: () => {
        fetched += 1;
        return judgement();
      },
    });
    await ask({ type: "open" });
    assert.equal(fetched, 0);
    await goLive();
    assert.ok(fetched > 0);
  });

  test("agents' messages from the time without a line are there after it, each once", async () => {
    const { ask, goLive, platform, texts } = await startScene();
    await ask({ type: "open" });
    const first = fromAgent(platform, "m1", "Hello");
    await goLive([first]);
    await platform.socket.close(1006);
    await platform.pass(5_000);
    await goLive([first, fromAgent(platform, "m2", "Still there?")]);
    assert.deepEqual(sentFrames(platform, "resume")[0]?.payload, { after: "m1" });
    assert.deepEqual(texts(), ["Hello", "Still there?"]);
  });
});
