/** Plays a script: faults and texts, then peace, and the question whether every guarantee was kept. Throws where one was not. */
import type { Command } from "../../src/chat/command.ts";
import { createActs } from "./acts.ts";
import { judge } from "./judge.ts";
import { type Script, STORY_MS } from "./script.ts";
import { createTabsWatch } from "./tabs-watch.ts";
import { createWorld, type Tab } from "./world.ts";

/** So late an echo may come. */
const PEACE_MS = 42_000;
/** For the longest pauses, and for thirty texts where a server takes thirty a minute. */
const LONGEST_PEACE_MS = 900_000;
/** A page of a history may have to wait for its turn. */
const PAGE_MS = 90_000;
/** With less life a token may run out while the connection that brings the next one is tried a second time. */
const SHORT_S = 100;
/** What keeps a token from being renewed in time. */
const LATE_RENEWALS: readonly string[] = ["jump", "sleep", "call", "down", "flap", "silence"];

export async function playScript(script: Script): Promise<void> {
  const isShort = script.tokenSeconds < SHORT_S;
  const world = createWorld({
    ...script,
    calm: !script.steps.some((step) => LATE_RENEWALS.includes(step.do) || (isShort && step.do === "frame")),
    onLoss(texts) {
      for (const each of acted.typed) each.loose ||= !texts || texts.has(each.text);
    },
  });
  const { time, disk, network, watch, tabs, elsewhere } = world;
  const tabsWatch = createTabsWatch(world);
  const { acted, open, ask, perform } = createActs(world);

  async function pass(ms: number) {
    for (let left = ms; left > 0; left -= 1000) {
      await time.pass(Math.min(left, 1000), watch.tick);
      tabsWatch.tick();
      if (watch.broken) throw new Error(watch.broken);
    }
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
    elsewhere.leave();
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
      for (const tab of tabs) {
        const command = tab.joined && toPressed(tab);
        if (!command) continue;
        watch.began();
        void ask(tab, command);
        break;
      }
      await pass(1000);
    }
    for (const tab of tabs) {
      for (let pages = 0; tab.client.state.earlier && pages < 20; pages++) {
        void ask(tab, { type: "load-earlier" });
        for (let waited = 0; waited < PAGE_MS && tab.open.size > 0; waited += 100) await pass(100);
      }
    }
    await judge(world, script, acted);
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

/** What the guest presses to go on: "Try again", "Take over", or he opens once more what a hub has died over. */
function toPressed({ client: { state } }: Tab): Command | undefined {
  const { phase, reason } = state;
  if (reason?.code === "CHAT_MOVED") return { type: "take-over" };
  if (phase === "live" || phase === "connecting" || phase === "waiting") return undefined;
  return { type: phase === "readonly" || phase === "ended" ? "start-new" : "open" };
}
