/** The shop over web messaging: what each theme of its e2e tests starts from. */
import assert from "node:assert/strict";
import { afterEach } from "node:test";
import type { Page } from "playwright-core";
import { type Guest, openChat, type Site, useSite } from "../../support/site.ts";

export interface Shop {
  site: Site;
  /** A guest of his own for the test, with the chat open in one tab. */
  enter(url?: string): Promise<{ guest: Guest; page: Page }>;
  /** Another tab of a guest's, with the chat open. */
  openTab(guest: Guest, url?: string): Promise<Page>;
  /** What the newest guest has said, as the sandbox has it. */
  said(): Promise<(string | undefined)[]>;
  /** `complaint`: a part of a console's line that belongs to the test. */
  expect(complaint: string): void;
}

/** For a `describe`. After each test nothing has complained, and nobody is left. */
export function useShop(prepare?: Parameters<typeof useSite>[0]): Shop {
  const site = useSite(prepare);
  const guests: Guest[] = [];
  const expected: string[] = [];

  afterEach(async () => {
    const left = guests.splice(0);
    const known = expected.splice(0);
    await Promise.all(left.map(({ context }) => context.close()));
    await site.control("sockets/close", { code: 1000 });
    await fetch(`${site.demo.url}/sandbox/faults`, { method: "DELETE" });
    const complaints = left.flatMap((guest) => guest.complaints);
    assert.deepEqual(
      complaints.filter((line) => !known.some((part) => line.includes(part))),
      [],
    );
    assert.deepEqual(site.demo.reports(), []);
  });

  async function openTab(guest: Guest, url = "/web-messaging.html"): Promise<Page> {
    const page = await guest.visit(url);
    await openChat(page);
    return page;
  }

  return {
    site,
    openTab,
    async enter(url) {
      const guest = await site.newGuest();
      guests.push(guest);
      return { guest, page: await openTab(guest, url) };
    },
    async said() {
      const { sessions } = await site.state();
      return sessions.at(-1)?.messages.flatMap(({ from, text }) => (from === "guest" ? [text] : [])) ?? [];
    },
    expect: (complaint) => void expected.push(complaint),
  };
}
