/** The judge: after peace, whether what tabs show and what the server holds is what was promised. */
import assert from "node:assert/strict";
import type { Message } from "../../src/chat/message.ts";
import type { Script } from "./script.ts";
import type { Typed } from "./story.ts";
import type { SandboxState, Tab, World } from "./world.ts";

const DAY_MS = 86_400_000;

export interface Story {
  script: Script;
  typed: readonly Typed[];
  names: ReadonlyMap<Tab["storage"], string>;
  /** A disk has refused a message and taken a later one: what lies between is not asked for again after a restart. */
  holed: boolean;
}

export async function judge(world: World, { script, typed, names, holed }: Story): Promise<void> {
  const { connections, sessions } = await world.state();
  assert.ok(connections.length <= 1, `G5: ${connections.length} connections`);
  const talk = sessions.find(({ id }) => id === connections[0]?.session)?.messages ?? [];
  /** A clock that has gone on by a day in a moment makes a text too old to be sent unasked. */
  const mayExpire = script.steps.some((step) => step.do === "jump" && Math.abs(step.ms) >= DAY_MS);
  let all: string[] | undefined;
  for (const tab of world.tabs) {
    const name = names.get(tab.storage) as string;
    const { messages, state } = tab.client;
    assert.equal(state.phase, "live", `${name} is ${state.phase} ${JSON.stringify(state.reason)}`);
    assert.deepEqual([...tab.open], [], `G10: ${name}: commands that nobody answered`);
    assert.equal(tab.storage.map.size, 0, `G1: ${name} still keeps what it sent`);
    judgeTexts(messages, name, typed, mayExpire);
    all = judgeTranscript(messages, name, holed ? [] : talk, all);
  }
  judgeServer(sessions, typed);
}

/** G1, G2: everything typed stands there once, and is sent. */
function judgeTexts(messages: readonly Message[], name: string, typed: readonly Typed[], mayExpire: boolean) {
  for (const { text, loose } of typed) {
    const copies = messages.filter((message) => message.text === text);
    if (loose && copies.length === 0) continue;
    assert.equal(copies.length, 1, `G1, G2: ${name} shows "${text}" ${copies.length} times`);
    const { delivery, error } = copies[0] as Message;
    if (mayExpire && delivery === "failed") assert.equal(error?.code, "CHAT_EXPIRED", `G1: ${name}: "${text}"`);
    else assert.equal(delivery, "sent", `G1: ${name}: "${text}" ${JSON.stringify(error)}`);
  }
}

type Talk = SandboxState["sessions"][number]["messages"];

/** G3, G4, G9: what the server holds is what is shown, in its order; where two have one time, in any that all tabs have. */
function judgeTranscript(messages: readonly Message[], name: string, talk: Talk, all: string[] | undefined) {
  const shown = messages.filter(({ serverId }) => serverId !== undefined);
  const order = shown.map(({ serverId }) => serverId as string);
  const held = talk.map(({ id }) => id);
  const missing = talk.filter(({ id, text }) => text !== undefined && !order.includes(id));
  assert.deepEqual(missing, [], `G4: ${name} lacks what the server has`);
  assert.equal(new Set(order).size, order.length, `G2: ${name} shows a message twice`);
  const common = shown.filter(({ serverId = "" }) => held.includes(serverId));
  for (const [index, { serverId = "", sentAt }] of common.entries()) {
    const next = common[index + 1];
    const isRight = !next || next.sentAt === sentAt || held.indexOf(serverId) < held.indexOf(next.serverId ?? "");
    assert.ok(isRight, `G3: ${name}: ${serverId} stands before ${next?.serverId}`);
  }
  if (all) assert.deepEqual(order, all, `G9: ${name} shows another order than the first tab`);
  return order;
}

/** G2, G3: on the server each text once, those of a tab in the order in which they were typed. */
function judgeServer(sessions: SandboxState["sessions"], typed: readonly Typed[]) {
  for (const name of new Set(typed.map(({ tab }) => tab))) {
    const own = typed.filter(({ tab }) => tab === name).map(({ text }) => text);
    for (const { messages } of sessions) {
      const arrived = messages.flatMap(({ text }) => (text !== undefined && own.includes(text) ? [text] : []));
      const right = own.filter((text) => arrived.includes(text));
      assert.deepEqual(arrived, right, `G2, G3: ${name}: the order on the server`);
    }
  }
}
