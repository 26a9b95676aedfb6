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
  /** How often the guest has asked for the end of the conversation. */
  ends: number;
  /** Of conversations of which nothing may be left. */
  erased: ReadonlySet<string>;
}

export async function judge(world: World, { script, typed, names, ends, erased }: Story): Promise<void> {
  const { connections, sessions } = await world.state();
  assert.ok(connections.length <= 1, `G5: ${connections.length} connections`);
  const talk = sessions.find(({ id }) => id === connections[0]?.session)?.messages ?? [];
  const owed = talk.filter(({ id }) => !world.network.lost.has(id));
  /** A clock that has gone on by a day in a moment makes a text too old to be sent unasked. */
  const mayExpire = script.steps.some((step) => step.do === "jump" && Math.abs(step.ms) >= DAY_MS);
  /** A disk that has refused to forget may be asked again too late. */
  const isForgotten = !script.steps.some((step) => ["disk", "refuse-writes"].includes(step.do));
  let all: string[] | undefined;
  for (const tab of world.tabs) {
    const name = names.get(tab.storage) as string;
    const { messages, state } = tab.client;
    assert.equal(state.phase, "live", `${name} is ${state.phase} ${JSON.stringify(state.reason)}`);
    assert.deepEqual([...tab.open], [], `G10: ${name}: commands that nobody answered`);
    assert.equal(tab.storage.map.size, 0, `G1: ${name} still keeps what it sent`);
    if (isForgotten) judgeErased(messages, name, typed, erased);
    const excuses = [...(mayExpire ? ["CHAT_EXPIRED"] : []), ...(ends > 0 ? ["CHAT_ENDED"] : [])];
    judgeTexts(messages, name, typed, state.epoch, excuses);
    all = judgeTranscript(messages, name, owed, all);
  }
  judgeServer(sessions, typed);
}

/** G1, G2: everything typed in this conversation stands there once, and is sent. */
function judgeTexts(
  messages: readonly Message[],
  name: string,
  typed: readonly Typed[],
  epoch: string,
  excuses: readonly string[],
) {
  for (const { text, loose, mayFail = "", epoch: typedIn } of typed) {
    const copies = messages.filter((message) => message.text === text);
    if ((loose || (typedIn && typedIn !== epoch)) && copies.length === 0) continue;
    assert.equal(copies.length, 1, `G1, G2: ${name} shows "${text.slice(0, 20)}" ${copies.length} times`);
    const { delivery, error } = copies[0] as Message;
    const isExcused = delivery === "failed" && [...excuses, mayFail].includes(error?.code ?? "");
    if (!isExcused) assert.equal(delivery, "sent", `G1: ${name}: "${text.slice(0, 20)}" ${JSON.stringify(error)}`);
  }
}

function judgeErased(messages: readonly Message[], name: string, typed: readonly Typed[], erased: ReadonlySet<string>) {
  const left = typed.filter(({ epoch, text }) => erased.has(epoch) && messages.some((shown) => shown.text === text));
  assert.deepEqual(left, [], `G1: ${name} shows what the guest has had erased`);
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

/** G2, G3: on the server each text once, those of a tab in the order in which they were typed; but what was lost and found again comes late. */
function judgeServer(sessions: SandboxState["sessions"], typed: readonly Typed[]) {
  for (const { messages } of sessions) {
    const arrived = messages.flatMap(({ from, text }) => (from === "guest" && text !== undefined ? [text] : []));
    assert.equal(new Set(arrived).size, arrived.length, `G2: on the server twice: ${arrived.join()}`);
    for (const name of new Set(typed.map(({ tab }) => tab))) {
      const own = typed.filter(({ tab, loose, late }) => tab === name && !loose && !late).map(({ text }) => text);
      const came = arrived.filter((text) => own.includes(text));
      const right = own.filter((text) => came.includes(text));
      assert.deepEqual(came, right, `G3: ${name}: the order on the server`);
    }
  }
}
