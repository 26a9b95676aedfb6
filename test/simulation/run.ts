/** One seed: a story of faults, then peace, and the question whether every promise was kept. */
import assert from "node:assert/strict";
import { createWorld, type Tab, type World } from "./world.ts";

const STORY_MS = 90_000;
/** Longer than the longest pause between two attempts, and than the wait for an echo. */
const PEACE_MS = 120_000;

interface Typed {
  tab: string;
  text: string;
}

/** Throws where a guarantee is broken, with the seed and the story so far. */
export async function runSeed(seed: number): Promise<void> {
  const story: string[] = [];
  const world = await createWorld(seed);
  try {
    await playStory(world, story);
  } catch (error) {
    (error as Error).message = `SEED=${seed}\n${story.join("\n")}\n${(error as Error).message}`;
    if (process.env.LOG) console.log(await world.log());
    throw error;
  }
}

async function playStory(world: World, story: string[]): Promise<void> {
  const { time, random, network, tabs } = world;
  const typed: Typed[] = [];
  const names = new Map<Tab["storage"], string>();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const tell = (what: string) => story.push(`${(time.clock.monotonic() / 1000).toFixed(2).padStart(8)} s  ${what}`);
  const open = (storage?: Tab["storage"]) => {
    const tab = world.openTab(storage);
    if (!names.has(tab.storage)) names.set(tab.storage, `tab ${names.size + 1}`);
    tell(`${names.get(tab.storage)} opens`);
    ask(tab, "open", { type: "open" });
    return tab;
  };
  function ask(tab: Tab, name: string, command: Parameters<Tab["client"]["dispatch"]>[0]) {
    tab.open.add(name);
    const done = () => tab.open.delete(name);
    tab.client.dispatch(command).then(done, done);
  }

  const acts: [weight: number, act: () => void | Promise<void>][] = [
    [
      30,
      () => {
        const tab = pick([...tabs]);
        const text = `text ${typed.length + 1}`;
        const name = names.get(tab.storage) as string;
        typed.push({ tab: name, text });
        tell(`${name} sends "${text}"`);
        ask(tab, text, { type: "send", text });
      },
    ],
    [
      10,
      () => {
        tell("the agent answers");
        return world.control("agent", { do: "message", text: `answer ${story.length}` });
      },
    ],
    [
      6,
      () => {
        tell("all sockets are cut");
        network.cut(random() * 5_000);
      },
    ],
    [
      4,
      () => {
        const ms = random() * 15_000;
        tell(`the network is down for ${(ms / 1000).toFixed(1)} s`);
        network.down = true;
        network.cut(random() * 5_000);
        time.clock.after(ms, () => {
          network.down = false;
        });
      },
    ],
    [
      4,
      () => {
        tell("the hub is killed");
        world.killHub(random() * 2_000);
      },
    ],
    [
      3,
      () => {
        // Neither 4401, twice of which is the end, nor 4404: nobody answers in a session that is gone, and this sandbox has it still.
        const code = pick([1001, 1011, 1012, 4408, 4429]);
        tell(`the server closes with ${code}`);
        return world.control("sockets/close", { code });
      },
    ],
    [
      3,
      () => {
        if (tabs.size < 4) open();
      },
    ],
    [
      3,
      () => {
        const tab = pick([...tabs]);
        tell(`${names.get(tab.storage)} is reloaded`);
        world.closeTab(tab);
        open(tab.storage);
      },
    ],
    [
      2,
      () => {
        const tab = pick([...tabs]);
        // What nobody but the tab has yet goes with it: that is not the case that is meant here.
        if (tabs.size === 1 || tab.open.size > 0 || tab.storage.map.size > 0) return;
        tell(`${names.get(tab.storage)} is closed`);
        world.closeTab(tab);
      },
    ],
  ];
  const total = acts.reduce((sum, [weight]) => sum + weight, 0);

  open();
  while (time.clock.monotonic() < STORY_MS) {
    let at = random() * total;
    const act = acts.find(([weight]) => {
      at -= weight;
      return at < 0;
    });
    await act?.[1]();
    await time.pass(random() * random() * 6_000);
  }
  network.down = false;
  tell("peace");
  await time.pass(PEACE_MS);
  // A swap to fresh credentials may just be under way.
  const isLive = () => [...tabs].every(({ client }) => client.state.phase === "live");
  for (let waited = 0; waited < 2_000 && !isLive(); waited += 50) await time.pass(50);
  for (const tab of tabs) {
    while (tab.client.state.earlier) {
      ask(tab, "load-earlier", { type: "load-earlier" });
      await time.pass(10);
    }
  }
  await judge(world, typed, names);
}

async function judge(world: World, typed: Typed[], names: Map<Tab["storage"], string>): Promise<void> {
  const { connections, sessions } = await world.state();
  // G5
  assert.ok(connections.length <= 1, `${connections.length} connections`);
  const server = sessions
    .filter(({ messages }) => messages.length > 0)
    .map(({ messages }) => messages.filter(({ text }) => text !== undefined));
  let all: string[] | undefined;
  for (const tab of world.tabs) {
    const name = names.get(tab.storage);
    const { messages, state } = tab.client;
    assert.equal(state.phase, "live", `${name} is ${state.phase} ${JSON.stringify(state.reason)}`);
    // G10
    assert.deepEqual([...tab.open], [], `${name}: commands that nobody answered`);
    assert.equal(tab.storage.map.size, 0, `${name} still keeps what it sent`);
    // G1, G2: everything typed stands there once, and is sent.
    for (const { text } of typed) {
      const copies = messages.filter((message) => message.text === text);
      assert.equal(copies.length, 1, `${name} shows "${text}" ${copies.length} times`);
      assert.equal(copies[0]?.delivery, "sent", `${name}: "${text}"`);
    }
    // G4, G9: what the server holds is what is shown, in its order; where two have one time, in any that all tabs have.
    const shown = messages.filter(({ serverId }) => serverId !== undefined);
    const order = shown.map(({ serverId }) => serverId as string);
    const newest = server.find((list) => list.some(({ id }) => id === order.at(-1))) ?? [];
    const held = newest.map(({ id }) => id);
    const common = shown.filter(({ serverId = "" }) => held.includes(serverId));
    const missing = newest.filter(({ id }) => !order.includes(id));
    assert.deepEqual(missing, [], `${name} lacks what the server has`);
    for (const [index, { serverId = "", sentAt }] of common.entries()) {
      const next = common[index + 1];
      const isRight = !next || next.sentAt === sentAt || held.indexOf(serverId) < held.indexOf(next.serverId ?? "");
      assert.ok(isRight, `${name}: ${serverId} stands before ${next?.serverId}`);
    }
    all ??= order;
    assert.deepEqual(order, all.slice(-order.length), `${name} shows another order than the first tab`);
  }
  // G2, G3: on the server each text once, those of a tab in the order in which they were typed.
  for (const name of new Set(names.values())) {
    const own = typed.filter(({ tab }) => tab === name).map(({ text }) => text);
    for (const list of server) {
      const arrived = list.flatMap(({ text }) => (text !== undefined && own.includes(text) ? [text] : []));
      assert.deepEqual(
        arrived,
        own.filter((text) => arrived.includes(text)),
        `${name}: the order on the server`,
      );
    }
  }
}
