/** G9: looks once a second whether all tabs of a hub show the same, and whether one that does not has stood still. */
import type { Tab, World } from "./world.ts";

const COMPARED = 30;

/** What a tab shows, but for what is its own affair: how far up it has paged. */
function toPicture({ client: { state, messages } }: Tab): string {
  const { phase, unread, seen, typing, epoch, durable } = state;
  const rows = messages.slice(-COMPARED).map(({ id, serverId, delivery }) => [id, serverId, delivery]);
  return JSON.stringify([phase, unread, seen, typing, epoch, durable, rows]);
}

export function createTabsWatch({ tabs, watch, hubs, device }: World): { tick(): void } {
  let before = new Map<Tab, string>();
  return {
    tick() {
      // What a tab has sent and no hub has, it shows alone.
      const isApart =
        !hubs.isUp || device.asleep || [...tabs].some(({ joined, storage }) => !joined || storage.map.size > 0);
      const now = new Map(isApart || tabs.size < 2 ? [] : [...tabs].map((tab) => [tab, toPicture(tab)]));
      const still = [...now].filter(([tab, picture]) => before.get(tab) === picture);
      if (new Set(still.map(([, picture]) => picture)).size > 1)
        watch.break("G9: two tabs show different things for 1 s");
      before = now;
    },
  };
}
