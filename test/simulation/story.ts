/** Plays a script: faults and texts, then peace, and the question whether every guarantee was kept. Throws where one was not. */
import type { Command } from "../../src/chat/command.ts";
import type { ChatErrorCode } from "../../src/chat/error.ts";
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
  /** It lay nowhere but in a hub that had no disk, and that hub is gone; or the guest has taken it away. */
  loose: boolean;
  /** Of the conversation that it was typed in. */
  epoch: string;
  /** It may fail for that reason. */
  mayFail?: ChatErrorCode;
  /** The guest has sent it once more; or a hub that stood still has taken it too, and put it on disk with its own time. */
  late: boolean;
}

export async function playScript(script: Script): Promise<void> {
  const typed: Typed[] = [];
  const world = createWorld({
    ...script,
    calm: !script.steps.some((step) => LATE_RENEWALS.includes(step.do)),
    onLoss(texts) {
      for (const each of typed) each.loose ||= !texts || texts.has(each.text);
    },
  });
  const { time, device, disk, network, watch, tabs } = world;
  const tabsWatch = createTabsWatch(world);
  const names = new Map<Tab["storage"], string>();
  let shown = 0;
  let ends = 0;
  const erased = new Set<string>();

  function open(storage?: Tab["storage"]) {
    const tab = world.openTab(storage);
    if (!names.has(tab.storage)) names.set(tab.storage, `tab ${names.size + 1}`);
    void ask(tab, { type: "open" });
  }
  function ask(tab: Tab, command: Command) {
    shown += 1;
    const name = `${command.type} ${shown}`;
    tab.open.add(name);
    const done = (ok: boolean) => {
      tab.open.delete(name);
      return ok;
    };
    return tab.client.dispatch(command).then(
      () => done(true),
      () => done(false),
    );
  }
  function send(tab: Tab, more = "", mayFail?: ChatErrorCode) {
    const text = `text ${typed.length + 1}${more}`;
    const { epoch } = tab.client.state;
    typed.push({ tab: names.get(tab.storage) as string, text, loose: false, late: world.hubs.isStill, epoch, mayFail });
    void ask(tab, { type: "send", text });
  }
  /** What has failed, of which there may be nothing. */
  function findFailed(tab: Tab) {
    const failed = tab.client.messages.find(({ delivery }) => delivery === "failed");
    const text = typed.find((each) => each.text === failed?.text);
    return failed && text && { id: failed.id, text };
  }
  /** Whoever still types in what is over, loses it. */
  async function erase(tab: Tab) {
    const loosen = () => {
      for (const each of typed) each.loose = true;
    };
    const { epoch } = tab.client.state;
    world.hubs.mayErase();
    loosen();
    if (await ask(tab, { type: "terminate" })) erased.add(epoch);
    world.hubs.mayErase();
    loosen();
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
    const awake = [...tabs].filter(({ frozen }) => !frozen);
    const tab = awake[("tab" in act ? act.tab : 0) % awake.length];
    if (!tab) return "tab" in act ? undefined : happen(act);
    return happen(act, tab);
  }

  async function happen(act: Act, tab = [...tabs][0] as Tab): Promise<unknown> {
    switch (act.do) {
      case "send":
        for (let i = 0; i < act.count; i++) send(tab);
        return;
      case "send-too-long":
        return send(tab, " and so on".repeat(1000), "CHAT_TEXT_TOO_LONG");
      case "freeze":
        send(tab);
        time.clock.after(act.after, () => tabs.has(tab) && world.freeze(tab, act.ms));
        return;
      case "try-again":
      case "cancel": {
        const failed = findFailed(tab);
        if (!failed) return;
        if (act.do === "cancel") failed.text.loose = true;
        else failed.text.late = true;
        return void ask(tab, { type: act.do === "cancel" ? "cancel" : "retry", message: failed.id });
      }
      case "end":
        ends += 1;
        return void ask(tab, { type: "end" });
      case "terminate":
        ends += 1;
        return void erase(tab);
      case "answer":
        return answer(act.count);
      case "type":
        return void ask(tab, { type: "typing", on: act.on });
      case "look":
        if (act.on) watch.woken();
        // Where another tab is still looked at, it is no sleep that ends, but no wait either.
        else watch.began();
        return void ask(tab, { type: "visible", on: act.on });
      case "ask":
        if (["open", "start-new", "authorize"].includes(act.what)) watch.began();
        return void ask(tab, toCommand(act.what, tab));
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
      case "depose":
        return world.hubs.end(act.do, act.ms);
      case "disk":
        disk.fault = act.fault;
        time.clock.after(act.ms, () => {
          disk.fault = null;
        });
        return;
      case "refuse-writes":
        return disk.refuse(act.writes);
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
    disk.refuse(0);
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
        const { phase } = tab.client.state;
        if (phase === "live" || phase === "connecting" || phase === "waiting" || !tab.joined) continue;
        watch.began();
        void ask(tab, { type: phase === "readonly" || phase === "ended" ? "start-new" : "open" });
        break;
      }
      await pass(1000);
    }
    for (const tab of tabs) {
      for (let pages = 0; tab.client.state.earlier && pages < 20; pages++) {
        void ask(tab, { type: "load-earlier" });
        await pass(10);
      }
    }
    await judge(world, { script, typed, names, ends, erased });
  }

  try {
    await tell();
  } catch (error) {
    // All that crossed, as the sandbox has logged it.
    if (process.env.LOG) (error as Error).cause ??= await world.log();
    throw error;
  } finally {
    world.remove();
  }
}

function toCommand(what: Extract<Act, { do: "ask" }>["what"], { client }: Tab): Command {
  const last = client.messages.at(-1)?.id ?? "nothing";
  if (what === "seen") return { type: "seen", message: last };
  if (what === "set-attributes") return { type: "set-attributes", attributes: { seen: last } };
  if (what === "too-much") return { type: "set-attributes", attributes: { seen: "x".repeat(20_000) } };
  if (what === "authorize") return { type: "open", connect: false };
  if (what === "identify") {
    return { type: "identify", identity: { providerId: "https://id.test", email: "guest@shop.test" } };
  }
  return { type: what };
}
