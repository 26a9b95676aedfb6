/** A session over web messaging on a fake platform: what a guest notices of its beginning, its gaps and its ends. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryStore } from "../../../src/session/store.ts";
import { startWebScene } from "../../support/web-messaging-scene.ts";
import { echo, event, frame, message, refusal, said, session } from "../../support/web-messaging-script.ts";

const T = "2031-05-10T08:15:";
const at = (second: number) => `${T}${String(second).padStart(2, "0")}.000Z`;

/** Live, with one message of an agent's. */
async function startLive(given = {}) {
  const scene = await startWebScene(given);
  await scene.ask({ type: "open" });
  await scene.goLive();
  return scene;
}

describe("signing out", () => {
  const CREDENTIALS = {
    url: "wss://webmessaging.region.example/v1",
    secrets: { token: "ada's", signedIn: "yes", refreshToken: "refresh-1" },
  };

  test("where not even the deployment can be had is done here all the same, and Genesys is asked as far as it can be", async () => {
    const store = memoryStore();
    await store.put("keep", "standing", { epoch: "e", readonly: false, skew: 0, credentials: CREDENTIALS });
    const scene = await startWebScene({ store, file: () => Promise.reject(new TypeError("offline")) });
    await scene.ask({ type: "sign-out" });
    assert.equal(scene.session.chat.state.phase, "ended");
    assert.ok(!JSON.stringify(store.all("keep")).includes("ada's"));
    assert.ok(scene.platform.requests.some(({ url }) => url.endsWith("/token/refresh")));
  });

  test("erases also what was kept while Genesys was asked, as of an attribute that was told", async () => {
    const store = memoryStore();
    await store.put("keep", "standing", { epoch: "e", readonly: false, skew: 0, credentials: CREDENTIALS });
    let revoke = (_: Response) => {};
    const revoked = new Promise<Response>((resolve) => {
      revoke = resolve;
    });
    const token = (path: string) => (path === "revoke" ? revoked : Response.json({ jwt: "a.b.c" }));
    const scene = await startWebScene({ store, token, attributes: { plan: "gold" } });
    await scene.goLive({ newSession: false });
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    const out = scene.session.dispatch({ id: "out", command: { type: "sign-out" }, at: 0 });
    await scene.platform.pass(0);
    assert.ok(scene.platform.requests.at(-1)?.url.endsWith("/token/revoke"));
    await scene.tell(echo("m-1", { id: "s-1", text: "Hello" }));
    assert.ok(JSON.stringify(store.all("keep")).includes("gold"));
    revoke(Response.json({}));
    await out;
    assert.equal(scene.session.chat.state.phase, "ended");
    assert.deepEqual(store.all("messages"), []);
    assert.ok(!JSON.stringify(store.all("keep")).includes("ada's"));
  });
});

describe("beginning", () => {
  test("the deployment is asked first; then one socket, one configure, and nothing else before its answer", async () => {
    const { ask, goLive, platform, sent, session } = await startWebScene();
    await ask({ type: "open" });
    assert.match(
      platform.requests[0]?.url ?? "",
      /^https:\/\/api-cdn\.mypurecloud\.ie\/webdeployments\/v1\/.*config\.json$/,
    );
    assert.match(platform.socket.url, /^wss:\/\/webmessaging\.region\.example\/v1\?deploymentId=/);
    await platform.socket.open();
    assert.equal(platform.socket.sent.length, 1);
    assert.equal(sent("configureSession")[0]?.startNew, false);
    await goLive();
    assert.equal(session.chat.state.phase, "live");
  });

  test("the token is made once and is the same after the hub has gone", async () => {
    const first = await startLive();
    const token = first.sent("configureSession")[0]?.token;
    const second = await first.restart();
    await second.platform.socket.open();
    assert.equal(second.sent("configureSession")[0]?.token, token);
  });

  test("with auto-start a new session begins with a Join, and an old one does not", async () => {
    const conversations = { autoStart: { enabled: true } };
    const joins = (scene: Awaited<ReturnType<typeof startWebScene>>) =>
      scene.sent("onMessage").filter(({ message }) => JSON.stringify(message).includes("Join")).length;
    const scene = await startLive({ conversations });
    assert.equal(joins(scene), 1);
    const again = await scene.restart();
    await again.goLive({ newSession: false });
    assert.equal(joins(again), 0);
  });

  test("a deployment that is not active is the site owner's affair, and no socket is opened", async () => {
    const scene = await startWebScene();
    const { answer } = scene.platform;
    scene.platform.answer = async (url, ...rest) => {
      const file = await (await answer(url, ...rest)).json();
      return Response.json({ ...file, status: "Inactive" });
    };
    await scene.ask({ type: "open" });
    assert.equal(scene.session.chat.state.reason?.code, "CHAT_CONFIGURATION");
    assert.equal(scene.platform.sockets.length, 0);
  });

  test("a CDN that is down is no reason to stop for who has been here within 24 h (row 16)", async () => {
    const first = await startLive();
    const down = { file: () => Promise.reject(new TypeError("Failed to fetch")) };
    const second = await first.restart(down);
    await second.goLive({ newSession: false });
    assert.equal(second.session.chat.state.phase, "live");
    second.session.stop();
    second.platform.jump(25 * 3_600_000);
    const third = await second.restart(down);
    await third.platform.pass(10_000);
    assert.deepEqual(third.session.chat.state.reason?.code, "CHAT_DEPLOYMENT_UNREACHABLE");
  });
});

describe("messages", () => {
  test("a text is sent once its echo with the same tracing id is there", async () => {
    const { ask, tell, sent, deliveries } = await startLive();
    await ask({ type: "send", text: "Hello" }, "m-1");
    const [out] = sent("onMessage");
    assert.deepEqual(out?.message, { type: "Text", text: "Hello", metadata: { id: "m-1" } });
    assert.equal(out?.tracingId, "m-1");
    assert.deepEqual(deliveries(), ["sending"]);
    await tell(echo("m-1", { id: "s-1", text: "Hello" }));
    assert.deepEqual(deliveries(), ["sent"]);
  });

  test("a server that gives back the metadata in place of the tracing id is understood", async () => {
    const { ask, tell, deliveries } = await startLive();
    await ask({ type: "send", text: "Hello" }, "m-1");
    await tell(echo(undefined, { id: "s-1", text: "Hello", metadata: { customMessageId: "m-1" } }));
    assert.deepEqual(deliveries(), ["sent"]);
  });

  test("a frame three times, or by its other id, is one bubble (rows 26, 27)", async () => {
    const { tell, texts } = await startLive();
    const both = { id: "s-1", text: "once", channel: { time: at(1), messageId: "c-1" } };
    await tell(said(both), said(both), said({ id: "s-1", text: "once" }), said({ id: "c-1", text: "once" }));
    assert.deepEqual(texts(), ["once"]);
  });

  test("two that share a time are both there, and those that come late stand where they belong (rows 28, 29)", async () => {
    const { tell, texts } = await startLive();
    const say = (id: string, second: number) => said({ id, text: id, at: at(second) });
    await tell(say("c", 3), say("b", 2), say("a", 2));
    assert.deepEqual(texts(), ["a", "b", "c"]);
  });

  test("one without time and id is shown as it comes (row 30)", async () => {
    const { tell, texts } = await startLive();
    await tell(frame("StructuredMessage", { direction: "Outbound", text: "from nowhere", channel: { time: "soon" } }));
    assert.deepEqual(texts(), ["from nowhere"]);
  });

  test("what the guest wrote on another device is shown here", async () => {
    const { tell, messages } = await startLive();
    await tell(echo("elsewhere", { id: "s-1", text: "from my phone" }));
    assert.deepEqual(
      messages().map(({ from, text }) => [from, text]),
      [["guest", "from my phone"]],
    );
  });

  test("typing is told and shown as the deployment says, for as long as it says (row 31)", async () => {
    const { ask, tell, sent, platform, session } = await startLive();
    await ask({ type: "typing", on: true });
    assert.equal(sent("onMessage").length, 1);
    await tell(event([{ eventType: "Typing", typing: { type: "On", duration: 2_000 } }]));
    assert.ok(session.chat.state.typing);
    await platform.pass(2_000);
    assert.equal(session.chat.state.typing, undefined);
    const quiet = await startLive({
      conversations: { showUserTypingIndicator: false, showAgentTypingIndicator: false },
    });
    await quiet.ask({ type: "typing", on: true });
    await quiet.tell(event([{ eventType: "Typing", typing: { type: "On" } }]));
    assert.equal(quiet.sent("onMessage").length, 0);
    assert.equal(quiet.session.chat.state.typing, undefined);
  });

  test("429 holds the queue for as long as is asked, and the message goes again with its id (row 36)", async () => {
    const { ask, tell, sent, platform, deliveries } = await startLive();
    await ask({ type: "send", text: "Hello" }, "m-1");
    await tell(
      frame("TooManyRequestsErrorMessage", { retryAfter: 3, errorCode: 4029 }, { code: 429, tracingId: "m-1" }),
    );
    await platform.pass(2_900);
    assert.equal(sent("onMessage").length, 1);
    await platform.pass(200);
    assert.deepEqual(
      sent("onMessage").map(({ tracingId }) => tracingId),
      ["m-1", "m-1"],
    );
    assert.deepEqual(deliveries(), ["sending"]);
  });
});

describe("after a gap", () => {
  test("200 messages that were missed are there, in order, when the session is live (row 77)", async () => {
    const scene = await startLive();
    const all = Array.from({ length: 200 }, (_, n) => ({
      id: `s-${n}`,
      text: `text ${n}`,
      at: new Date(Date.parse(at(0)) + n * 1000).toISOString(),
    }));
    await scene.tell(said(all[0] as never));
    scene.past.push(...all.map((each) => message(each)));
    await scene.platform.socket.close(1006);
    await scene.platform.pass(2_000);
    await scene.goLive({ newSession: false });
    assert.deepEqual(
      scene.texts(),
      all.map(({ text }) => text),
    );
    assert.deepEqual(scene.pages, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(scene.session.chat.state.unread, 200);
  });

  test("a history that cannot be had for a moment is asked again, and the gap closes (row 76)", async () => {
    let failures = 2;
    const page = () => {
      failures -= 1;
      return failures >= 0 ? new Response("oops", { status: 503 }) : undefined;
    };
    const scene = await startLive({ page });
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    scene.past.push(message({ id: "s-0", text: "Welcome" }), message({ id: "s-1", text: "missed", at: at(9) }));
    await scene.platform.socket.close(1006);
    await scene.platform.pass(2_000);
    await scene.goLive({ newSession: false });
    await scene.platform.pass(10_000);
    assert.equal(scene.session.chat.state.phase, "live");
    assert.deepEqual(scene.texts(), ["Welcome", "missed"]);
  });

  test("a machine that slept while what was missed was on its way looks at its link as soon as it is live", async () => {
    const scene = await startLive({ page: () => new Promise<Response>(() => {}) });
    await scene.platform.socket.close(1006);
    await scene.platform.pass(2_000);
    await scene.goLive({ newSession: false });
    const dead = scene.platform.sockets.length;
    scene.platform.socket.onSent = () => {};
    await scene.platform.wake();
    await scene.platform.pass(17_000);
    assert.ok(scene.platform.sockets.length > dead, "it was left");
  });

  test("a history that never comes does not keep the guest waiting", async () => {
    const scene = await startLive({ page: () => new Response("no", { status: 500 }) });
    await scene.platform.socket.close(1006);
    await scene.platform.pass(2_000);
    await scene.goLive({ newSession: false });
    await scene.platform.pass(5_000);
    assert.equal(scene.session.chat.state.phase, "live");
  });
});

describe("earlier messages", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      message({ id: `s-${n}`, text: `${n}`, at: new Date(Date.parse(at(0)) + n * 1000).toISOString() }),
    );

  test("come page by page, oldest last, until there are none", async () => {
    const scene = await startWebScene({ past: many(60) });
    await scene.ask({ type: "open" });
    await scene.goLive({ newSession: false });
    assert.equal(scene.texts().length, 25);
    assert.equal(scene.session.chat.state.earlier, true);
    assert.equal(scene.session.chat.state.unread, 0);
    await scene.ask({ type: "load-earlier" });
    assert.equal(scene.texts().length, 50);
    await scene.ask({ type: "load-earlier" });
    assert.deepEqual(
      scene.texts(),
      Array.from({ length: 60 }, (_, n) => `${n}`),
    );
    assert.equal(scene.session.chat.state.earlier, false);
  });

  test("of a guest who wrote most himself, of which each has two ids, are all there", async () => {
    const past = many(90).map((each, n) => ({
      ...each,
      direction: "Inbound",
      channel: { ...(each.channel as object), messageId: `c-${n}` },
    }));
    const scene = await startWebScene({ past });
    await scene.ask({ type: "open" });
    await scene.goLive({ newSession: false });
    for (let page = 2; page <= 4; page += 1) await scene.ask({ type: "load-earlier" });
    assert.equal(scene.texts().length, 90);
  });

  test("of a conversation that goes on below a divider, as the platform has not begun another, are all there", async () => {
    const time = (n: number) => new Date(Date.parse("2026-11-22T11:00:00Z") + n * 1000).toISOString();
    const past = Array.from({ length: 60 }, (_, n) => message({ id: `s-${n}`, text: `${n}`, at: time(n) }));
    const scene = await startLive({ past });
    await scene.ask({ type: "end" });
    await scene.tell(session({ connected: false, newSession: false }));
    await scene.ask({ type: "start-new" });
    await scene.goLive({ newSession: false });
    for (let page = 2; page <= 3; page += 1) await scene.ask({ type: "load-earlier" });
    assert.equal(scene.texts().filter((text) => /^\d+$/.test(text ?? "")).length, 60);
  });

  test("a page of nothing new is no end: the next is asked (row 76)", async () => {
    const past = many(60);
    const scene = await startWebScene({ past });
    await scene.ask({ type: "open" });
    await scene.goLive({ newSession: false });
    // Events push the old ones down, and are none of our messages.
    past.push(
      ...Array.from({ length: 25 }, (_, n) =>
        message({ id: `e-${n}`, type: "Event", events: [{ eventType: "Presence", presence: { type: "Join" } }] }),
      ),
    );
    await scene.ask({ type: "load-earlier" });
    assert.equal(scene.texts().length, 50);
  });

  test("more than ten pages in a minute wait for the next", async () => {
    const scene = await startWebScene({ past: many(400) });
    await scene.ask({ type: "open" });
    await scene.goLive({ newSession: false });
    const all: Promise<unknown>[] = [];
    for (let page = 2; page <= 12; page += 1) all.push(scene.ask({ type: "load-earlier" }));
    await scene.platform.pass(1_000);
    assert.equal(scene.pages.length, 10);
    await scene.platform.pass(66_000);
    await Promise.all(all);
    assert.equal(scene.pages.length, 12);
  });
});

describe("ends", () => {
  const disconnect = (readOnly?: string) =>
    event([{ eventType: "Presence", presence: { type: "Disconnect" } }], readOnly ? { metadata: { readOnly } } : {});

  test("an agent who leaves for good makes it read-only; one who leaves for now does not (row 64)", async () => {
    const scene = await startLive();
    await scene.tell(disconnect());
    assert.equal(scene.session.chat.state.phase, "live");
    await scene.tell(disconnect("true"));
    assert.equal(scene.session.chat.state.phase, "readonly");
  });

  test("what is over is shown after a reload as it was before: with its Markdown, and what its menu offers", async () => {
    const scene = await startLive({
      conversations: { markdown: { enabled: true }, conversationClear: { enabled: true } },
    });
    const { features, markdown } = scene.session.chat.state;
    assert.ok(markdown && features.includes("clear"));
    await scene.tell(said({ id: "s-0", text: "**bye**" }), disconnect("true"));
    const { session } = await scene.restart();
    assert.equal(session.chat.state.phase, "readonly");
    assert.deepEqual(session.chat.state.features, features);
    assert.equal(session.chat.state.markdown, true);
  });

  test("an end in the history is one of before: the conversation goes on (row 64)", async () => {
    const { body } = JSON.parse(disconnect("true"));
    const scene = await startWebScene({ past: [body, message({ id: "s-1", text: "Here again", at: at(5) })] });
    await scene.ask({ type: "open" });
    await scene.goLive({ newSession: false });
    assert.equal(scene.session.chat.state.phase, "live");
    assert.ok(scene.texts().includes("Here again"));
    await scene.ask({ type: "send", text: "and I" });
    assert.equal(scene.sent("onMessage").length, 1);
  });

  test("start-new closes the old session and begins anew, on one socket and with the same token", async () => {
    const scene = await startLive();
    const [{ token } = { token: "" }] = scene.sent("configureSession");
    await scene.tell(said({ id: "s-0", text: "bye" }), disconnect("true"));
    await scene.ask({ type: "start-new" });
    await scene.goLive({ newSession: false, readOnly: true });
    assert.deepEqual(scene.sent("closeSession")[0]?.closeAllConnections, true);
    await scene.tell(session({ connected: false, newSession: false, readOnly: true }));
    const [, again] = scene.sent("configureSession");
    assert.deepEqual([again?.startNew, again?.token], [true, token]);
    await scene.tell(session());
    assert.equal(scene.session.chat.state.phase, "live");
    assert.deepEqual(scene.texts(), ["bye", "ended", "new-conversation"]);
    // Once: the next reload is a reload.
    const next = await scene.restart();
    await next.goLive({ newSession: false, readOnly: true });
    assert.equal(next.sent("closeSession").length, 0);
    assert.equal(next.session.chat.state.phase, "readonly");
  });

  test("a session that has ended meanwhile is another one: what was said stays above a divider (row 62)", async () => {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "long ago" }));
    const next = await scene.restart();
    await next.ask({ type: "send", text: "still there?" }, "m-1");
    await next.goLive({ newSession: true });
    assert.deepEqual(next.texts(), ["long ago", "new-conversation", "still there?"]);
    assert.equal(next.sent("onMessage")[0]?.tracingId, "m-1");
  });

  for (const [how, frames] of [
    ["an event", frame("SessionExpiredEvent", {}, { type: "response" })],
    ["an error", refusal(4006, "Session has expired")],
  ] as const) {
    test(`an expired session, by ${how}, rests until the guest writes`, async () => {
      const scene = await startLive();
      await scene.tell(said({ id: "s-0", text: "hello?" }));
      await scene.tell(frames);
      await scene.platform.pass(60_000);
      assert.equal(scene.session.chat.state.phase, "idle");
      assert.equal(scene.platform.sockets.length, 1);
      await scene.ask({ type: "send", text: "here I am" }, "m-1");
      await scene.goLive({ newSession: true });
      assert.deepEqual(scene.texts(), ["hello?", "new-conversation", "here I am"]);
    });
  }

  test("moved to another device: it waits, does not try again, and takes over when asked (row 61)", async () => {
    const scene = await startLive();
    await scene.tell(frame("ConnectionClosedEvent", {}));
    const { phase, reason } = scene.session.chat.state;
    assert.deepEqual([phase, reason?.code], ["waiting", "CHAT_MOVED"]);
    await scene.ask({ type: "open" });
    await scene.ask({ type: "send", text: "from here" }, "m-1");
    await scene.platform.wake();
    await scene.platform.pass(600_000);
    assert.equal(scene.platform.sockets.length, 1);
    await scene.ask({ type: "take-over" });
    await scene.goLive({ newSession: false });
    assert.equal(scene.session.chat.state.phase, "live");
    assert.equal(scene.sent("onMessage")[0]?.tracingId, "m-1");
  });

  test("cleared, here or elsewhere: nothing of it is left in any tab, and the session goes on (row 65)", async () => {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "secret" }));
    const { epoch } = scene.session.chat.state;
    const done = scene.ask({ type: "clear" });
    await scene.platform.pass(0);
    const [out] = scene.sent("onMessage");
    await scene.tell(
      event([{ eventType: "Presence", presence: { type: "Clear" } }], { direction: "Inbound" }).replace(
        '"class"',
        `"tracingId":"${out?.tracingId}","class"`,
      ),
      frame("SessionClearedEvent", {}),
      frame("ConnectionClosedEvent", {}),
    );
    await done;
    assert.deepEqual(scene.texts(), []);
    assert.notEqual(scene.session.chat.state.epoch, epoch);
    assert.deepEqual(scene.store.all("messages"), []);
    await scene.platform.pass(2_000);
    await scene.goLive({ newSession: true });
    assert.equal(scene.session.chat.state.phase, "live");
    assert.deepEqual(scene.texts(), []);
  });

  describe("cleared when it is over", () => {
    /** Over, and a connection opened for the clearing. */
    async function startOver() {
      const scene = await startLive();
      await scene.tell(said({ id: "s-0", text: "secret" }));
      await scene.tell(
        event([{ eventType: "Presence", presence: { type: "Disconnect" } }], { metadata: { readOnly: "true" } }),
      );
      assert.equal(scene.session.chat.state.phase, "readonly");
      const done = scene.ask({ type: "clear" });
      done.catch(() => {});
      await scene.platform.pass(0);
      await scene.goLive({ newSession: false, readOnly: true });
      return { scene, done, out: scene.sent("onMessage").at(-1) };
    }

    test("nothing of it is left, and another one begins", async () => {
      const { scene, done, out } = await startOver();
      assert.equal(JSON.stringify(out?.message?.events), '[{"eventType":"Presence","presence":{"type":"Clear"}}]');
      await scene.tell(frame("SessionClearedEvent", {}), frame("ConnectionClosedEvent", {}));
      await done;
      assert.deepEqual(scene.texts(), []);
      await scene.platform.pass(2_000);
      await scene.goLive({ newSession: true });
      assert.equal(scene.session.chat.state.phase, "live");
      await scene.tell(said({ id: "s-1", text: "Hello again" }));
      const next = await scene.restart();
      assert.deepEqual(next.texts(), ["Hello again"]);
      assert.notEqual(next.session.chat.state.phase, "readonly");
      await next.goLive({ newSession: false });
      assert.equal(next.sent("onMessage").length, 0);
    });

    test("where the deployment refuses it is over as before, and not cleared by what comes next", async () => {
      const { scene, done, out } = await startOver();
      await scene.tell(
        refusal(403, "The Conversation Clear event is not supported by this deployment", out?.tracingId),
      );
      await assert.rejects(done, { code: "CHAT_UNSUPPORTED" });
      assert.equal(scene.session.chat.state.phase, "readonly");
      assert.deepEqual(scene.texts().slice(0, 1), ["secret"]);
      await scene.ask({ type: "start-new" });
      await scene.goLive({ newSession: true });
      assert.ok(scene.texts().includes("secret"));
    });

    test("without a network it is over as before, after 30 s", async () => {
      const scene = await startLive();
      await scene.tell(said({ id: "s-0", text: "secret" }));
      await scene.tell(
        event([{ eventType: "Presence", presence: { type: "Disconnect" } }], { metadata: { readOnly: "true" } }),
      );
      const done = scene.ask({ type: "clear" });
      done.catch(() => {});
      await scene.platform.pass(31_000);
      await assert.rejects(done, { code: "CHAT_OFFLINE" });
      assert.equal(scene.session.chat.state.phase, "readonly");
      const { sockets } = scene.platform;
      await scene.platform.pass(60_000);
      assert.equal(scene.platform.sockets, sockets);
    });
  });

  test("a deployment that does not clear says so, and everything stays", async () => {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "stays" }));
    const done = scene.ask({ type: "clear" });
    done.catch(() => {});
    await scene.platform.pass(0);
    const text = "The Conversation Clear event is not supported by this deployment";
    await scene.tell(refusal(403, text, scene.sent("onMessage")[0]?.tracingId));
    await assert.rejects(done, { code: "CHAT_UNSUPPORTED" });
    assert.deepEqual(scene.texts(), ["stays"]);
  });

  test("signed out elsewhere: the session is gone, and all that was kept of it", async () => {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "private" }), frame("LogoutEvent", {}));
    await scene.platform.pass(0);
    assert.equal(scene.session.chat.state.phase, "ended");
    assert.deepEqual(scene.texts(), []);
    assert.deepEqual(scene.store.all("messages"), []);
  });
});

describe("the end of a session for want of words", () => {
  const seconds = (scene: { platform: { clock: { now(): number } } }, more: number) =>
    Math.round(scene.platform.clock.now() / 1000) + more;

  for (const unit of ["seconds", "milliseconds"]) {
    test(`is noticed 5 minutes before, told in ${unit}; a word takes it back (row 63)`, async () => {
      const scene = await startWebScene();
      await scene.ask({ type: "open" });
      const expirationDate = seconds(scene, 900) * (unit === "seconds" ? 1 : 1000);
      await scene.goLive({ durationSeconds: 900, expirationDate });
      const { chat } = scene.session;
      assert.equal(chat.state.expiresAt, undefined);
      await scene.platform.pass(599_000);
      assert.equal(chat.state.expiresAt, undefined);
      await scene.platform.pass(2_000);
      assert.ok(chat.state.expiresAt);
      await scene.tell(said({ id: "s-1", text: "are you there?" }));
      assert.equal(chat.state.expiresAt, undefined);
    });
  }

  test("health checks go out no more than twice a minute, however often the machine wakes", async () => {
    const scene = await startLive();
    for (let wake = 0; wake < 59; wake += 1) {
      await scene.platform.wake();
      await scene.platform.pass(1_000);
    }
    assert.equal(scene.sent("echo").length, 2);
    assert.equal(scene.session.chat.state.phase, "live");
  });
});

describe("custom attributes", () => {
  const told = (scene: Awaited<ReturnType<typeof startWebScene>>) =>
    scene.sent("onMessage").map(({ message }) => JSON.stringify((message as { channel?: object }).channel));

  test("go with the first message after each change, as texts, and not again once told", async () => {
    const scene = await startLive({ attributes: { plan: "gold", items: 3 } });
    const say = async (id: string) => {
      await scene.ask({ type: "send", text: id }, id);
      await scene.tell(echo(id, { id: `s-${id}`, text: id }));
      await scene.platform.pass(2_000);
    };
    await say("m-1");
    await say("m-2");
    await scene.ask({ type: "set-attributes", attributes: { plan: "silver" } });
    await say("m-3");
    assert.deepEqual(told(scene), [
      '{"metadata":{"customAttributes":{"plan":"gold","items":"3"}}}',
      undefined,
      '{"metadata":{"customAttributes":{"plan":"silver"}}}',
    ]);
  });

  test("refused as too large: the message goes without them, and the site owner is told (row 66)", async () => {
    const scene = await startLive({ attributes: { plan: "gold" } });
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    await scene.tell(refusal(4013, "Custom attributes are larger than 2048 bytes", "m-1"));
    assert.equal(scene.session.chat.state.reason?.code, "CHAT_ATTRIBUTES_TOO_LARGE");
    await scene.platform.pass(2_000);
    assert.equal(told(scene).length, 2);
    assert.equal(told(scene)[1], undefined);
    await scene.tell(echo("m-1", { id: "s-1", text: "Hello" }));
    assert.deepEqual(scene.deliveries(), ["sent"]);
  });

  test("are measured in bytes of UTF-8 before they leave, and go again after another error", async () => {
    const scene = await startLive({ attributes: { plan: "ä".repeat(600) } });
    await scene.ask({ type: "send", text: "Hello" }, "m-1");
    await scene.tell(refusal(500, "oops", "m-1"));
    await scene.ask({ type: "retry", message: "m-1" });
    await scene.platform.pass(2_000);
    assert.ok(told(scene)[0] && told(scene)[1]);
    const large = { plan: "ä".repeat(1_100) };
    await assert.rejects(scene.ask({ type: "set-attributes", attributes: large }), {
      code: "CHAT_ATTRIBUTES_TOO_LARGE",
    });
  });
});
