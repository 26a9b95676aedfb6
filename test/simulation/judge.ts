/** The judge: after peace, whether what tabs show and what the server holds is what was promised. */
import assert from "node:assert/strict";
import type { Message } from "../../src/chat/message.ts";
import type { Acted } from "./acts.ts";
import type { Act, Script } from "./script.ts";
import { byText, type Typed } from "./typed.ts";
import type { SandboxState, World } from "./world.ts";

const DAY_MS = 86_400_000;

type Talk = SandboxState["sessions"][number]["messages"];

/** What a tab shows, and what excuses it. */
interface Shown {
  name: string;
  messages: readonly Message[];
  typed: readonly Typed[];
  epoch: string;
  /** For which a text may have failed. */
  excuses: readonly string[];
  /** It went out, and may have arrived: all that can be known of it where the server does not notice a second copy. */
  isDoubtful(id: string): boolean;
  /** A hub could not keep that it was sent, and the next one has sent it too. */
  mayDouble: boolean;
}

export async function judge(world: World, script: Script, { typed, names, ends, erased }: Acted): Promise<void> {
  const { steps } = script;
  const { dialect, network, watch } = world;
  const { connections, sessions } = await world.state();
  assert.ok(connections.length <= (watch.isSharing ? 2 : 1), `G5: ${connections.length} connections`);
  const session = sessions.find(({ id }) => id === connections[0]?.session);
  const talk = session?.messages ?? [];
  if (lasts(script)) assert.notEqual(session?.readOnly, true, "G4: a conversation is shown as live that is over");
  const isResent = (text?: string) => typed.some((each) => each.resent && each.text === text);
  const owed = talk.filter(({ id, text }) => !network.lost.has(id) && !isResent(text));
  const has = (...acts: Act["do"][]) => steps.some((step) => acts.includes(step.do));
  /** A clock that has gone on by a day in a moment makes a text too old to be sent unasked. */
  const mayExpire = steps.some((step) => step.do === "jump" && Math.abs(step.ms) >= DAY_MS);
  /** A disk that has refused to forget may be asked again too late; nor does it tell what has gone out. */
  const isSound = !has("disk", "refuse-writes");
  if (!dialect.idempotent) judgeBeginnings(sessions.length, script);
  const mayDouble = !isSound && !dialect.idempotent;
  let all: string[] | undefined;
  for (const tab of world.tabs) {
    const name = names.get(tab.storage) as string;
    const { messages, state } = tab.client;
    assert.equal(state.phase, "live", `${name} is ${state.phase} ${JSON.stringify(state.reason)}`);
    assert.deepEqual([...tab.open], [], `G10: ${name}: commands that nobody answered`);
    assert.equal(tab.storage.map.size, 0, `G1: ${name} still keeps what it sent`);
    if (isSound) judgeErased(messages, name, typed, erased);
    const excuses = [...(mayExpire ? ["CHAT_EXPIRED"] : []), ...(ends > 0 ? ["CHAT_ENDED"] : [])];
    // A hub that ends about to send leaves it as one that went out.
    const mayBeLeft = has("kill", "die-sending", "leave", "depose");
    const isDoubtful = (id: string) =>
      !dialect.idempotent && (watch.tried.has(id) || (mayBeLeft && !watch.putOff.has(id)));
    judgeTexts({ name, messages, typed, epoch: state.epoch, excuses, isDoubtful, mayDouble });
    const known = messages.map((message) => ({
      ...message,
      serverId: message.serverId && dialect.toId(message.serverId),
    }));
    all = judgeTranscript(known, name, talk, owed, all);
  }
  judgeOrder(sessions, typed);
  judgeCopies(dialect.idempotent ? sessions.map(({ messages }) => messages) : [toAll(sessions)], typed, mayDouble);
}

/** No session expires in a story; where one does, its guest is told with his next request. */
const lasts = ({ deployment }: Script): boolean => (deployment?.limits?.sessionSeconds ?? DAY_MS) > 3_600;

/** G1: a conversation goes on until somebody ends it, it expires, or what is kept of it is lost. */
function judgeBeginnings(sessions: number, script: Script) {
  const { steps } = script;
  const ending: readonly Act["do"][] = ["end", "agent-leaves", "terminate", "clear", "elsewhere", "ask"];
  const losing: readonly Act["do"][] = ["disk", "refuse-writes", "clear-disk", "depose", "kill", "die-sending"];
  const hasEnd = steps.some(({ do: act }) => ending.includes(act) || losing.includes(act));
  if (!hasEnd && lasts(script))
    assert.equal(sessions, 1, "G1: another conversation has begun, and nobody has asked for it");
}

/** G1, G2: everything typed in this conversation stands there once, and is sent. */
function judgeTexts({ name, messages, typed, epoch, excuses, isDoubtful, mayDouble }: Shown) {
  for (const [text, group] of byText(typed)) {
    const copies = messages.filter((message) => message.text === text);
    const least = group.filter(({ loose, epoch: typedIn }) => !loose && (!typedIn || typedIn === epoch)).length;
    const most = group.length + group.filter(({ resent }) => resent || mayDouble).length;
    const isRight = least <= copies.length && copies.length <= most;
    assert.ok(isRight, `G1, G2: ${name} shows "${text.slice(0, 20)}" ${copies.length} times`);
    for (const { id, delivery, error } of copies) {
      const reasons = [...excuses, ...group.map(({ mayFail }) => mayFail)];
      if (delivery === "failed" && reasons.includes(error?.code)) continue;
      if (delivery === "unconfirmed" && isDoubtful(id)) continue;
      // From a history that does not tell our ids: of what nobody here knows any more, or the other copy.
      if (delivery === undefined && group.some(({ loose, resent }) => loose || resent || mayDouble)) continue;
      assert.equal(delivery, "sent", `G1: ${name}: "${text.slice(0, 20)}" ${JSON.stringify(error)}`);
    }
  }
}

function judgeErased(messages: readonly Message[], name: string, typed: readonly Typed[], erased: ReadonlySet<string>) {
  const isShown = (text: string) => messages.some((shown) => shown.text === text);
  const isKept = (text: string) => typed.some((each) => each.text === text && !erased.has(each.epoch));
  const left = typed.filter(({ epoch, text }) => erased.has(epoch) && isShown(text) && !isKept(text));
  assert.deepEqual(left, [], `G1: ${name} shows what the guest has had erased`);
}

/** G3, G4, G9: what the server holds is what is shown, in its order; where two have one time, in any that all tabs have. */
function judgeTranscript(
  messages: readonly Message[],
  name: string,
  talk: Talk,
  owed: Talk,
  all: string[] | undefined,
): string[] {
  const shown = messages.filter(({ serverId }) => serverId !== undefined);
  const order = shown.map(({ serverId }) => serverId as string);
  const held = talk.map(({ id }) => id);
  const missing = owed.filter(({ id, text }) => text !== undefined && !order.includes(id));
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

const toAll = (sessions: SandboxState["sessions"]): Talk => [
  ...new Map(sessions.flatMap(({ messages }) => messages.map((message) => [message.id, message] as const))).values(),
];

const toTexts = (talk: Talk): string[] =>
  talk.flatMap(({ from, text }) => (from === "guest" && text !== undefined ? [text] : []));

/** G2: on the server each text once, unless the guest has sent it again; or a hub could not keep that it was sent. */
function judgeCopies(talks: Talk[], typed: readonly Typed[], mayDouble: boolean) {
  const groups = byText(typed);
  for (const arrived of talks.map(toTexts)) {
    for (const text of new Set(arrived)) {
      const group = groups.get(text) ?? [];
      const most = Math.max(1, group.length) + group.filter(({ resent }) => resent || mayDouble).length;
      const count = arrived.filter((each) => each === text).length;
      assert.ok(count <= most, `G2: on the server ${count} times: ${text.slice(0, 20)}`);
    }
  }
}

/** G3: those of a tab in the order in which they were typed; but what was lost and found again comes late. */
function judgeOrder(sessions: SandboxState["sessions"], typed: readonly Typed[]) {
  const isAlone = ({ text }: Typed) => typed.filter((each) => each.text === text).length === 1;
  for (const { messages } of sessions) {
    const arrived = [...new Set(toTexts(messages))];
    for (const name of new Set(typed.map(({ tab }) => tab))) {
      const own = typed.filter((each) => each.tab === name && !each.loose && !each.late && isAlone(each));
      const texts = own.map(({ text }) => text);
      const came = arrived.filter((text) => texts.includes(text));
      const right = texts.filter((text) => came.includes(text));
      assert.deepEqual(came, right, `G3: ${name}: the order on the server`);
    }
  }
}
