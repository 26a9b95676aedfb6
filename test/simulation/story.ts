/** Plays a script: faults and texts, then peace, and the question whether every guarantee was kept. Throws where one was not. */
import type { Command } from "../../src/chat/command.ts";
import { mapStorage } from "../hub/tab-script.ts";
import { judge } from "./judge.ts";
import { type Act, type Script, STORY_MS } from "./script.ts";
import { createTabsWatch } from "./tabs-watch.ts";
import { createWorld, type Tab } from "./world.ts";

/** So late an echo may come. */
const PEACE_MS = 42_000;
/** For the longest pauses, and for thirty texts where a server takes thirty a minute. */
const LONGEST_PEACE_MS = 900_000;
const FLAP_MS = 100;
/** What keeps a token from being renewed in time. */
const LATE_RENEWALS: readonly string[] = ["jump", "sleep", "call", "down", "flap", "silence"];

export interface Typed {
  tab: string;
  text: string;
  /** It lay nowhere but in a hub that had no disk, and that hub is gone. */
  loose: boolean;
}

export async function playScript(script: Script): Promise<void> {
  const typed: Typed[] = [];
  let holed = false;
  const world = createWorld({
    ...script,
    calm: !script.steps.some((step) => LATE_RENEWALS.includes(step.do)),
    onLoss() {
      holed = true;
      for (const text of typed) text.loose = true;
    },
  });
  const { time, device, disk, network, watch, tabs } = world;
  const tabsWatch = createTabsWatch(world);
  const names = new Map<Tab["storage"], string>();
  let shown = 0;

  function open(storage?: Tab["storage"]) {
    const tab = world.openTab(storage);
    if (!names.has(tab.storage)) names.set(tab.storage, `tab ${names.size + 1}`);
    ask(tab, { type: "open" });
  }
  function ask(tab: Tab, command: Command) {
    shown += 1;
    const name = `${command.type} ${shown}`;
    tab.open.add(name);
    const done = () => tab.open.delete(name);
    tab.client.dispatch(command).then(done, done);
  }
  async function close(tab: Tab) {
    world.closeTab(tab);
    await time.pass(0);
    if (tab.open.size > 0) watch.break(`G10: a tab has closed over ${[...tab.open].join()}`);
  }
  async function pass(ms: number) {
    for (let left = ms; left > 0; left -= 1000) {
      await time.pass(Math.min(left, 1000), watch.tick);
      tabsWatch.tick();
      if (watch.broken) throw new Error(watch.broken);
    }
  }
  function answer(count: number) {
    shown += 1;
    const text = `answer ${shown}`;
    const acts = Array.from({ length: count }, (_, index) => ({ do: "message", text: `${text}.${index}` }));
    return acts.reduce((before, act) => before.then(() => world.control("agent", act)), Promise.resolve());
  }

  async function perform(act: Act): Promise<unknown> {
    const tab = [...tabs][("tab" in act ? act.tab : 0) % tabs.size] as Tab;
    switch (act.do) {
      case "send":
        for (let i = 0; i < act.count; i++) {
          const text = `text ${typed.length + 1}`;
          typed.push({ tab: names.get(tab.storage) as string, text, loose: false });
          ask(tab, { type: "send", text });
        }
        return;
      case "answer":
        return answer(act.count);
      case "type":
        return ask(tab, { type: "typing", on: act.on });
      case "look":
        if (act.on) watch.woken();
        // Where another tab is still looked at, it is no sleep that ends, but no wait either.
        else watch.began();
        return ask(tab, { type: "visible", on: act.on });
      case "ask":
        if (act.what === "open") watch.began();
        return ask(tab, toCommand(act.what, tab));
      case "cut":
      case "silence":
        return network[act.do](act.lateMs);
      case "down":
        network.down = true;
        network.cut(act.lateMs);
        time.clock.after(act.ms, () => {
          network.down = false;
        });
        return;
      case "flap":
        for (let i = 1; i <= act.times; i++) {
          time.clock.after(i * FLAP_MS, () => {
            network.down = i % 2 === 1 && i < act.times;
            if (network.down) network.cut(0);
            device.whenAwake(network.wake);
          });
        }
        return;
      case "frame":
        return network.frames.push({ ...act.fault });
      case "call":
        return network.calls.push(act.fault);
      case "refuse":
        network.refusing = act.upgrades;
        return;
      case "close":
        return world.control("sockets/close", { code: act.code });
      case "jump":
        return device.jump(act.ms);
      case "sleep":
        return sleep(act);
      case "kill":
      case "leave":
        return world.endHub(act.do, act.ms);
      case "disk":
        disk.fault = act.fault;
        time.clock.after(act.ms, () => {
          disk.fault = null;
        });
        return;
      case "clear-disk":
        return disk.clear();
      case "open-tab":
        return tabs.size < 4 && open();
      case "duplicate":
        return tabs.size < 4 && open(mapStorage(new Map(tab.storage.map)));
      case "reload":
        await close(tab);
        return open(tab.storage);
      case "close-tab":
        // What nobody but the tab has yet goes with it: that is not the case that is meant here.
        if (tabs.size > 1 && tab.open.size === 0 && tab.storage.map.size === 0) await close(tab);
        return;
    }
  }

  /** The line has died when the lid opens again; whether the page is told differs. */
  async function sleep({ ms, counted, told, answers }: Extract<Act, { do: "sleep" }>) {
    network.silence(30_000 * world.random());
    const wake = device.sleep();
    await time.pass(ms / 2);
    await answer(answers);
    await time.pass(ms / 2);
    wake(counted);
    watch.awoke();
    if (told) network.wake();
  }

  async function tell() {
    open();
    let now = 0;
    for (const { at, ...act } of script.steps) {
      await pass(at - now);
      now = at;
      await perform(act);
    }
    await pass(STORY_MS - now);

    Object.assign(network, { down: false, refusing: 0, frames: [], calls: [] });
    disk.fault = null;
    await pass(PEACE_MS);
    const isDone = () =>
      [...tabs].every(
        ({ client, storage, open }) =>
          client.state.phase === "live" &&
          open.size === 0 &&
          storage.map.size === 0 &&
          client.messages.every(({ delivery }) => delivery !== "sending"),
      );
    for (let waited = 0; waited < LONGEST_PEACE_MS && !isDone(); waited += 1000) {
      // The guest presses "Try again", or opens once more what a hub has died over.
      for (const tab of tabs) {
        if (["failed", "idle"].includes(tab.client.state.phase)) {
          watch.began();
          ask(tab, { type: "open" });
        }
      }
      await pass(1000);
    }
    for (const tab of tabs) {
      for (let pages = 0; tab.client.state.earlier && pages < 20; pages++) {
        ask(tab, { type: "load-earlier" });
        await pass(10);
      }
    }
    await judge(world, { script, typed, names, holed });
  }

  try {
    await tell();
  } catch (error) {
    // All that crossed, as the sandbox has logged it.
    if (process.env.LOG) (error as Error).cause ??= await world.log();
    throw error;
  }
}

function toCommand(what: Extract<Act, { do: "ask" }>["what"], { client }: Tab): Command {
  const last = client.messages.at(-1)?.id ?? "nothing";
  if (what === "seen") return { type: "seen", message: last };
  if (what === "set-attributes") return { type: "set-attributes", attributes: { seen: last } };
  if (what === "too-much") return { type: "set-attributes", attributes: { seen: "x".repeat(20_000) } };
  return { type: what };
}
