/** Genesys ends or refuses a connection: what is tried again, how often, what the guest is told, and that his texts stay. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sortedMessages } from "../../src/chat/chat.ts";
import { allSent, assertWhole, type RealTalk, startTalk } from "../support/real-talk.ts";

const ack = { kind: "frame", direction: "out", action: "handshake_ack" };
const phase = (talk: RealTalk) => talk.session.chat.state.phase;
const reason = (talk: RealTalk) => talk.session.chat.state.reason?.code;

describe("a close in the midst of a talk", () => {
  for (const code of [1000, 1001, 1006, 1011, 1012, 1013]) {
    test(`with ${code}, as at a deploy: the next socket is tried for as long as it takes, and the text arrives (row 6)`, async () => {
      const talk = await startTalk();
      await talk.fault({ kind: "frame", direction: "in", action: "message" }, { closeCode: code }, 5);
      await talk.say("through it all");
      await talk.until(() => allSent(talk));
      await assertWhole(talk, ["through it all"]);
      assert.equal(talk.sockets.length, 6);
    });
  }

  for (const code of [1008, 4403]) {
    test(`with ${code} is final: the guest is told, his text stays, and he can try again (row 7)`, async () => {
      const talk = await startTalk();
      await talk.fault({ kind: "frame", direction: "in", action: "message" }, { closeCode: code }, 1);
      await talk.say("kept");
      await talk.until(() => phase(talk) === "failed");
      assert.equal(reason(talk), "CHAT_CONNECTION_REFUSED");
      await talk.idle(600, 1_000);
      assert.equal(talk.sockets.length, 1);
      await talk.dispatch({ type: "open" });
      await talk.until(() => allSent(talk));
      await assertWhole(talk, ["kept"]);
    });
  }

  for (const code of [1002, 1003, 3000, 4000, 4999]) {
    test(`with ${code} is tried three times more, then the guest is told and his text stays (row 7)`, async () => {
      const talk = await startTalk();
      await talk.fault({ kind: "frame", direction: "in", action: "message" }, { closeCode: code });
      await talk.say("kept");
      await talk.until(() => phase(talk) === "failed");
      assert.equal(reason(talk), "CHAT_CONNECTION_REFUSED");
      assert.match(talk.session.chat.state.reason?.detail ?? "", new RegExp(`${code}`));
      assert.equal(talk.sockets.length, 4);
      assert.deepEqual(talk.deliveries(), ["sending"]);
    });
  }
});

describe("an upgrade that is refused", () => {
  for (const status of [401, 403, 404, 426, 429, 500, 502, 503]) {
    test(`with ${status} at first: all a browser sees is 1006; HTTP is asked once, and the text arrives in the end (row 14)`, async () => {
      const talk = await startTalk();
      const asked = talk.asked;
      await talk.fault({ kind: "upgrade" }, { refuse: status }, 4);
      talk.proxy.reset();
      await talk.say("let me in");
      await talk.until(() => reason(talk) === "CHAT_SOCKET_BLOCKED");
      await talk.until(() => allSent(talk));
      await assertWhole(talk, ["let me in"]);
      assert.equal(talk.asked - asked, 1);
      assert.equal(reason(talk), undefined);
    });
  }

  for (const [status, code] of [
    [403, "CHAT_REFUSED"],
    [404, undefined],
  ] as const) {
    test(`and the broker's ${status} behind it: ${code ? "it is final, and told" : "there is a new session"} (row 14)`, async () => {
      const talk = await startTalk();
      const { ask } = talk;
      talk.ask = async (request) =>
        request.url.endsWith("/refresh")
          ? Response.json({ type: "about:blank", title: "no", status, code: "none" }, { status })
          : ask(request);
      await talk.fault({ kind: "upgrade" }, { refuse: 401 }, 2);
      talk.proxy.reset();
      await talk.say("let me in");
      if (code) {
        await talk.until(() => phase(talk) === "failed");
        assert.equal(reason(talk), code);
        assert.deepEqual(talk.deliveries(), ["sending"]);
      } else {
        await talk.until(() => allSent(talk));
        assert.equal((await talk.state()).totals.guestsCreated, 2);
        assert.deepEqual(talk.texts(), ["let me in"]);
      }
    });
  }

  /** Whatever stands between speaks in pages, and none of them is shown or thrown over. */
  const page = (status: number, headers: Record<string, string> = {}) =>
    new Response(`<!doctype html><title>${status}</title><h1>Blocked by the proxy</h1>`, {
      status,
      headers: { "Content-Type": "text/html", ...headers },
    });

  for (const status of [408, 426, 429, 500, 502, 503]) {
    const isFinal = status === 426;
    test(`and a proxy's page with ${status} in place of the broker: ${isFinal ? "final, and told without the page" : "asked again"} (row 14)`, async () => {
      const talk = await startTalk();
      const { ask } = talk;
      let pages = 0;
      talk.ask = async (request) => {
        if (!request.url.endsWith("/refresh") || pages === 2) return ask(request);
        pages += 1;
        return page(status);
      };
      await talk.fault({ kind: "upgrade" }, { refuse: 401 }, 2);
      talk.proxy.reset();
      await talk.say("let me in");
      if (isFinal) {
        await talk.until(() => phase(talk) === "failed");
        assert.doesNotMatch(JSON.stringify(talk.session.chat.state.reason), /Blocked|html/);
        assert.deepEqual(talk.deliveries(), ["sending"]);
        return;
      }
      await talk.until(() => allSent(talk));
      await assertWhole(talk, ["let me in"]);
    });
  }
});

describe("a handshake without an answer", () => {
  test("is never taken for connected; it is given up after 10 s, and tried again (row 17)", async () => {
    const talk = await startTalk({ open: false });
    const phases: (string | undefined)[] = [];
    talk.session.subscribe(({ state }) => state?.phase && phases.push(state.phase));
    await talk.fault(ack, { suppress: true }, 2);
    await talk.dispatch({ type: "open" });
    await talk.say("hello");
    await talk.until(() => talk.sockets.length === 2);
    assert.deepEqual(phases, ["connecting", "waiting"]);
    assert.match(talk.session.chat.state.reason?.detail ?? "", /no answer to handshake/);
    await talk.until(() => allSent(talk));
    assert.equal(talk.sockets.length, 3);
    await assertWhole(talk, ["hello"]);
  });
});

describe("a token that Genesys takes no longer, in the midst of a talk", () => {
  test("is refreshed once, and what was typed goes out on the next connection (row 40)", async () => {
    const talk = await startTalk();
    await talk.fault({ kind: "frame", direction: "in", action: "message" }, { closeCode: 4401 }, 1);
    for (const text of ["one", "two"]) await talk.say(text);
    await talk.until(() => allSent(talk));
    await assertWhole(talk, ["one", "two"]);
    assert.equal(talk.asked, 2);
  });

  test("and its successor neither: it ends with a reason, and what was typed stays (row 40)", async () => {
    const talk = await startTalk();
    await talk.fault({ kind: "frame", direction: "in", action: "message" }, { closeCode: 4401 });
    await talk.say("kept");
    await talk.until(() => phase(talk) === "failed");
    assert.equal(reason(talk), "CHAT_CONNECTION_REFUSED");
    assert.equal(talk.asked, 2);
    assert.deepEqual(talk.deliveries(), ["sending"]);
  });
});

describe("a session that Genesys has lost", () => {
  test("while texts wait: there is a new one, they arrive in it once and in order, and what was said stays above a divider (row 62)", async () => {
    const talk = await startTalk();
    await talk.say("before");
    await talk.until(() => allSent(talk));
    await talk.fault({ kind: "frame", direction: "in", action: "message" }, { closeCode: 4404 }, 1);
    for (const text of ["one", "two", "three"]) await talk.say(text);
    await talk.until(() => allSent(talk));
    const { sessions, totals } = await talk.state();
    assert.equal(totals.guestsCreated, 2);
    assert.deepEqual(
      sessions.map(({ messages }) => messages.map(({ text }) => text)),
      [["before"], ["one", "two", "three"]],
    );
    const rows = sortedMessages(talk.session.chat).map(({ text, happened }) => text ?? happened);
    assert.deepEqual(rows, ["before", "new-conversation", "one", "two", "three"]);
  });
});
