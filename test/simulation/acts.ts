/** The acts of a story: what the guest does, what agents do, and what goes wrong. */
import type { Command } from "../../src/chat/command.ts";
import type { ChatErrorCode } from "../../src/chat/error.ts";
import { mapStorage } from "../hub/tab-script.ts";
import type { Act } from "./script.ts";
import type { Typed } from "./typed.ts";
import type { Tab, World } from "./world.ts";

const FLAP_MS = 100;
/** By then a hub that lives has forgotten what it was told to. */
const FORGOTTEN_MS = 1_000;

/** What a story leaves to be judged. */
export interface Acted {
  typed: Typed[];
  names: Map<Tab["storage"], string>;
  /** How often the conversation was ended by somebody. */
  ends: number;
  /** Epochs of conversations of which nothing may be left. */
  erased: Set<string>;
}

export interface Acts {
  acted: Acted;
  open(storage?: Tab["storage"]): void;
  ask(tab: Tab, command: Command): Promise<boolean>;
  perform(act: Act): Promise<unknown>;
}

export function createActs(world: World): Acts {
  const { time, device, dialect, disk, network, watch, tabs, hubs, elsewhere } = world;
  const acted: Acted = { typed: [], names: new Map(), ends: 0, erased: new Set() };
  const { typed, names, erased } = acted;
  let shown = 0;

  /** Whoever still types in what is over, loses it. */
  function loosen() {
    hubs.mayErase();
    for (const each of typed) each.loose = true;
  }

  network.onCleared = () => {
    loosen();
    const { epoch, number } = hubs;
    time.clock.after(FORGOTTEN_MS, () => number === hubs.number && erased.add(epoch));
  };

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
  function send(tab: Tab, text = `text ${typed.length + 1}`, mayFail?: ChatErrorCode) {
    const name = names.get(tab.storage) as string;
    const { epoch, phase } = tab.client.state;
    // As if he had tried again.
    if (phase === "failed") watch.began();
    const late = hubs.isStill;
    typed.push({ tab: name, text, loose: false, late, epoch, mayFail, resent: late && !dialect.idempotent });
    void ask(tab, { type: "send", text });
  }
  /** What did not arrive, or may not have, of which there may be nothing. */
  function findUnsent(tab: Tab) {
    const unsent = tab.client.messages.find(({ delivery }) => delivery === "failed" || delivery === "unconfirmed");
    const text = typed.find((each) => each.text === unsent?.text);
    return unsent && text && { message: unsent, text };
  }
  function tryAgain(tab: Tab) {
    const { message, text } = findUnsent(tab) ?? {};
    if (!message || !text) return;
    text.late = true;
    text.resent ||= message.delivery === "unconfirmed";
    void ask(tab, { type: "retry", message: message.id });
  }
  function cancel(tab: Tab) {
    const { message, text } = findUnsent(tab) ?? {};
    if (!message || !text) return;
    text.loose = true;
    void ask(tab, { type: "cancel", message: message.id });
  }
  async function erase(tab: Tab) {
    const { epoch } = tab.client.state;
    loosen();
    watch.began();
    if ((await ask(tab, { type: "terminate" })) && epoch) erased.add(epoch);
    loosen();
    // Who opens after it, opens as another.
    watch.began();
  }
  async function close(tab: Tab) {
    world.closeTab(tab);
    await time.pass(0);
    if (tab.open.size > 0) watch.break(`G10: a tab has closed over ${[...tab.open].join()}`);
  }
  function answer(count: number) {
    shown += 1;
    const text = `answer ${shown}`;
    const all = Array.from({ length: count }, (_, index) => ({ do: "message", text: `${text}.${index}` }));
    return all.reduce((before, act) => before.then(() => world.control("agent", act)), Promise.resolve());
  }

  /** The line has died when the lid opens again; whether the page is told differs. */
  async function sleep({ ms, counted, told, answers }: Extract<Act, { do: "sleep" }>) {
    network.silence(30_000 * world.random());
    const wake = device.sleep();
    await time.pass(ms / 2);
    await answer(answers);
    await time.pass(ms / 2);
    wake(counted);
    watch.awoke(ms);
    if (told) network.wake();
  }

  function flap(times: number) {
    for (let i = 1; i <= times; i++) {
      time.clock.after(i * FLAP_MS, () => {
        network.down = i % 2 === 1 && i < times;
        if (network.down) network.cut(0);
        device.whenAwake(network.wake);
      });
    }
  }

  async function happen(act: Act, tab = [...tabs][0] as Tab): Promise<unknown> {
    switch (act.do) {
      case "send":
        for (let i = 0; i < act.count; i++) send(tab);
        return;
      case "again":
        return send(tab, typed.findLast(({ mayFail }) => !mayFail)?.text);
      case "send-too-long":
        return send(tab, `text ${typed.length + 1}${" and so on".repeat(1000)}`, "CHAT_TEXT_TOO_LONG");
      case "freeze":
        send(tab);
        time.clock.after(act.after, () => tabs.has(tab) && world.freeze(tab, act.ms));
        return;
      case "die-sending":
        for (let i = 0; i < act.count; i++) send(tab);
        time.clock.after(act.after, () => hubs.end("kill", act.ms));
        return;
      case "try-again":
        return tryAgain(tab);
      case "cancel":
        return cancel(tab);
      case "end":
        acted.ends += 1;
        return void ask(tab, { type: "end" });
      case "agent-leaves":
        acted.ends += 1;
        return world.control("agent", { do: "leave" });
      case "terminate":
        acted.ends += 1;
        return void erase(tab);
      case "clear":
        return void ask(tab, { type: "clear" });
      case "take-over":
        watch.began();
        return void ask(tab, { type: "take-over" });
      case "elsewhere":
        shown += 1;
        if (act.what === "say") return elsewhere.say(`elsewhere ${shown}`, act.ms);
        return elsewhere[act.what](act.ms);
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
        // What is asked for here, is asked for at once.
        if (["open", "start-new", "authorize", "identify"].includes(act.what)) watch.began();
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
        return flap(act.times);
      case "frame":
        return network.frames.push({ ...act.fault });
      case "call":
        return network.calls.push(...Array.from({ length: act.times }, () => act.fault));
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
        return hubs.end(act.do, act.ms);
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

  return {
    acted,
    open,
    ask,
    async perform(act) {
      const awake = [...tabs].filter(({ frozen }) => !frozen);
      const tab = awake[("tab" in act ? act.tab : 0) % awake.length];
      if (!tab) return "tab" in act ? undefined : happen(act);
      return happen(act, tab);
    },
  };
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
