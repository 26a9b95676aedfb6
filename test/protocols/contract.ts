/** What every Protocol must do, whatever its dialect: one suite, run by each with a script of its other end. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import type { HandlerEvent, RetryDecision } from "../../src/chat/event.ts";
import {
  type AuthorizeReason,
  ConnectionFailure,
  type Credentials,
  type Handler,
  type HandlerCommand,
  type Protocol,
} from "../../src/session/protocol.ts";
import { assertContains } from "../support/contains.ts";
import type { FakePlatform } from "../support/fake-platform.ts";
import { lent } from "../support/lent.ts";
import { checkGarbage } from "./garbage.ts";

/** The other end of a dialect, played by its test file; made anew for each test. */
export interface DialectScript {
  platform: FakePlatform;
  createProtocol(): Protocol;
  /** From now on `authorize` gets fresh credentials that live so long, where they do not live for ever. */
  grant(seconds: number): void;
  /** Its credentials do not run out. */
  lasting?: true;
  /** Statuses after which a refresh is of no use, and another session is. */
  gone: number[];
  /** From now on `authorize` is answered by an HTTP status; `retryAfter` in seconds. */
  refuse(status: number, retryAfter?: number): void;
  /** What the server sends, each as the text of one frame. */
  server: {
    /** Answers to the handshake, up to what comes before the replay. */
    accept(): string[];
    caughtUp(): string;
    agentSays(serverId: string, text: string): string;
    echo(id: string, serverId: string, text: string): string;
    typing(on: boolean): string;
    ended(): string;
    answerProbe(probe: string): string;
  };
  /** What a frame of the handler's asks for; null when it is no message. */
  readMessage(frame: string): { id: string; text: string; payload?: string } | null;
  /** What the guest does before each error comes; nothing where it may concern what was never sent. */
  before?: HandlerCommand;
  /** Each error of the dialect with the events that it must become; `MESSAGE` in it is the refused message. */
  errors: { name: string; frame: string; becomes: object[] }[];
  /** Good JSON that is no frame of the dialect. */
  malformed: string[];
  /** Close codes of the dialect's own after which nothing is tried again. */
  finalCodes: number[];
}

export const MESSAGE = "11111111-1111-4111-8111-111111111111";

interface Line {
  handler: Handler;
  sent: string[];
  events: HandlerEvent[];
  types(): string[];
}

const signal = new AbortController().signal;

export function describeProtocol(name: string, setup: () => DialectScript): void {
  const authorize = (
    { platform }: DialectScript,
    protocol: Protocol,
    reason: AuthorizeReason,
    saved: Credentials | null = null,
  ) => protocol.authorize({ saved, reason, attributes: {}, skew: 0 }, platform, signal);

  const failureOf = async (attempt: Promise<unknown>): Promise<ConnectionFailure> => {
    const error = await attempt.then(
      () => assert.fail("it did not fail"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ConnectionFailure, String(error));
    return error;
  };

  function connectWith(script: DialectScript, protocol: Protocol, credentials: Credentials): Line {
    const sent: string[] = [];
    const events: HandlerEvent[] = [];
    const handler = protocol.createHandler({
      ...lent(script.platform),
      credentials,
      now: () => script.platform.clock.now(),
      send: (frame) => void sent.push(frame),
      emit: (event) => void events.push(event),
    });
    return { handler, sent, events, types: () => events.map(({ type }) => type) };
  }

  /** Authorized, and on a connection on which nothing has happened yet. */
  async function startLine(script = setup()) {
    script.grant(3600);
    const protocol = script.createProtocol();
    const line = connectWith(script, protocol, await authorize(script, protocol, "start"));
    const goLive = (to: Line, replay: string[] = []) => {
      to.handler.handshake();
      for (const frame of [...script.server.accept(), ...replay, script.server.caughtUp()]) to.handler.receive(frame);
    };
    return { script, protocol, goLive, ...line };
  }

  describe(`${name}: authorize`, () => {
    test("credentials that are fresh are kept, and nobody is asked", async () => {
      const script = setup();
      script.grant(3600);
      const protocol = script.createProtocol();
      const saved = await authorize(script, protocol, "start");
      const asked = script.platform.requests.length;
      assert.equal(await authorize(script, protocol, "start", saved), saved);
      assert.equal(script.platform.requests.length, asked);
    });

    test("credentials say by the server's clock how long they live, and where to go", async () => {
      const script = setup();
      script.grant(600);
      const { url, issuedAt, expiresAt } = await authorize(script, script.createProtocol(), "start");
      assert.match(url, /^wss?:\/\//);
      if (expiresAt !== undefined) assert.equal(expiresAt - (issuedAt ?? 0), 600_000);
    });

    test("once it has its answer, nothing of it is left on a signal that lives on", async () => {
      const script = setup();
      script.grant(600);
      const { signal: life } = new AbortController();
      const asked = { saved: null, reason: "start", attributes: {}, skew: 0 } as const;
      await script.createProtocol().authorize(asked, script.platform, life);
      assert.equal(getEventListeners(life, "abort").length, 0);
    });

    for (const [what, reason, passed, fetches] of [
      ["credentials near their end are replaced", "start", 590_000, true],
      ["credentials far from their end are kept", "start", 10_000, false],
      ["a refresh fetches new ones however fresh the old ones are", "refresh", 0, true],
      ["a new session ignores what was saved", "new-session", 0, true],
    ] as const) {
      test(what, async () => {
        const script = setup();
        script.grant(600);
        const protocol = script.createProtocol();
        const saved = await authorize(script, protocol, "start");
        const asked = script.platform.requests.length;
        await script.platform.pass(passed);
        const next = await authorize(script, protocol, reason, saved);
        const expected = fetches && !(script.lasting && reason === "start");
        assert.equal(next !== saved, expected);
        assert.equal(script.platform.requests.length > asked, expected);
      });
    }

    test("a network that fails is told as one, without a status", async () => {
      const script = setup();
      script.platform.answer = () => Promise.reject(new TypeError("Failed to fetch"));
      const { circumstances } = await failureOf(authorize(script, script.createProtocol(), "start"));
      assert.equal(circumstances.status, undefined);
      assert.equal(circumstances.decision, undefined);
    });

    test("status and pause that the server asked for are kept, in ms", async () => {
      const script = setup();
      script.refuse(503, 7);
      const { circumstances } = await failureOf(authorize(script, script.createProtocol(), "start"));
      assert.equal(circumstances.status, 503);
      assert.equal(circumstances.retryAfter, 7_000);
    });

    for (const status of setup().gone) {
      test(`a refresh that is answered by ${status} means a new session`, async () => {
        const script = setup();
        script.grant(3600);
        const protocol = script.createProtocol();
        const saved = await authorize(script, protocol, "start");
        script.refuse(status);
        const { circumstances } = await failureOf(authorize(script, protocol, "refresh", saved));
        assert.equal(circumstances.decision?.do, "new-session");
      });
    }

    test("what the dialect calls final is final, and every code of its own has a decision", () => {
      const script = setup();
      const { closeCodes } = script.createProtocol();
      const decisions = Object.entries(closeCodes) as [string, RetryDecision][];
      assert.ok(decisions.every(([code]) => Number(code) >= 4000 && Number(code) <= 4999));
      const final = decisions.filter(([, decision]) => decision.do === "stop").map(([code]) => Number(code));
      assert.deepEqual(final, script.finalCodes);
    });
  });

  describe(`${name}: on a connection`, () => {
    test("nothing is sent before the handshake, and one frame in it", async () => {
      const { handler, sent, events } = await startLine();
      assert.deepEqual(sent, []);
      handler.handshake();
      assert.equal(sent.length, 1);
      assert.deepEqual(events, []);
    });

    test("live is told once, and only when everything missed has come", async () => {
      const { handler, script, types } = await startLine();
      handler.handshake();
      for (const frame of script.server.accept()) handler.receive(frame);
      handler.receive(script.server.agentSays("s1", "one"));
      handler.receive(script.server.echo(MESSAGE, "s2", "two"));
      assert.deepEqual(types(), ["received", "delivered"]);
      handler.receive(script.server.caughtUp());
      handler.receive(script.server.agentSays("s3", "three"));
      assert.deepEqual(types(), ["received", "delivered", "live", "received"]);
    });

    test("what an agent writes is received with its server id, author and time", async () => {
      const line = await startLine();
      line.goLive(line, [line.script.server.agentSays("s1", "Hello")]);
      const [event] = line.events;
      assert.ok(event?.type === "received");
      const { serverId, from, text, sentAt } = event.message;
      assert.deepEqual({ serverId, from, text }, { serverId: "s1", from: "agent", text: "Hello" });
      assert.ok(Number.isFinite(sentAt));
    });

    test("a text goes out as one frame with our id, and its echo is its delivery", async () => {
      const line = await startLine();
      line.goLive(line);
      line.sent.length = 0;
      await line.handler.perform({ type: "send", id: MESSAGE, text: "hi" }, signal);
      assert.equal(line.sent.length, 1);
      assert.deepEqual(line.script.readMessage(line.sent[0] as string), { id: MESSAGE, text: "hi" });
      line.handler.receive(line.script.server.echo(MESSAGE, "s1", "hi"));
      const event = line.events.at(-1);
      assert.ok(event?.type === "delivered");
      assert.deepEqual([event.id, event.serverId], [MESSAGE, "s1"]);
    });

    test("a quick reply goes out with its payload", async () => {
      const line = await startLine();
      line.goLive(line);
      await line.handler.perform({ type: "send", id: MESSAGE, text: "Yes", payload: "yes" }, signal);
      const message = line.script.readMessage(line.sent.at(-1) as string);
      assert.deepEqual(message, { id: MESSAGE, text: "Yes", payload: "yes" });
    });

    test("typing crosses in both directions, and is not a message", async () => {
      const line = await startLine();
      line.goLive(line);
      line.sent.length = 0;
      await line.handler.perform({ type: "typing", on: true }, signal);
      assert.equal(line.sent.length, 1);
      assert.equal(line.script.readMessage(line.sent[0] as string), null);
      line.handler.receive(line.script.server.typing(true));
      line.handler.receive(line.script.server.typing(false));
      const told = line.events.flatMap((event) => (event.type === "typing" ? [event.on] : []));
      assert.deepEqual(told, [true, false]);
    });

    test("the guest ends the conversation by one frame; its end makes it read-only", async () => {
      const line = await startLine();
      line.goLive(line);
      line.sent.length = 0;
      await line.handler.perform({ type: "end" }, signal);
      assert.equal(line.sent.length, 1);
      line.handler.receive(line.script.server.ended());
      assert.equal(line.types().at(-1), "readonly");
    });

    test("a probe is a frame that the server answers, and neither is an event", async () => {
      const line = await startLine();
      line.goLive(line);
      line.sent.length = 0;
      const before = line.events.length;
      line.handler.probe();
      assert.equal(line.sent.length, 1);
      line.handler.receive(line.script.server.answerProbe(line.sent[0] as string));
      assert.equal(line.events.length, before);
    });

    for (const [index, { name: what }] of setup().errors.entries()) {
      test(`the error "${what}" becomes what the session can act on`, async () => {
        const line = await startLine();
        line.goLive(line);
        if (line.script.before) await line.handler.perform(line.script.before, signal);
        line.events.length = 0;
        const { frame, becomes } = line.script.errors[index] as DialectScript["errors"][number];
        line.handler.receive(frame);
        assert.equal(line.events.length, becomes.length, JSON.stringify(line.events));
        for (const [at, expected] of becomes.entries()) assertContains(line.events[at], expected);
      });
    }

    test("garbage of any kind is passed over, and the next good frame is taken (row 32)", async () => {
      const line = await startLine();
      line.goLive(line);
      checkGarbage(line, line.script.malformed, line.script.server.agentSays("s9", "still here"));
    });

    test("garbage before the handshake is answered is passed over too", async () => {
      const line = await startLine();
      line.handler.handshake();
      checkGarbage(line, line.script.malformed, line.script.server.agentSays("s9", "still here"));
    });

    test("two connections at once do not know of each other", async () => {
      const first = await startLine();
      const { script, protocol, goLive } = first;
      const second = connectWith(script, protocol, await authorize(script, protocol, "refresh"));
      first.goLive(first);
      assert.deepEqual([second.sent, second.events], [[], []]);
      goLive(second);
      assert.deepEqual(second.types(), ["live"]);
      assert.deepEqual(first.types(), ["live"]);
      await second.handler.perform({ type: "send", id: MESSAGE, text: "hi" }, signal);
      second.handler.receive(script.server.echo(MESSAGE, "s1", "hi"));
      assert.deepEqual(first.types(), ["live"]);
      assert.equal(first.sent.filter((frame) => script.readMessage(frame)).length, 0);
    });
  });
}
