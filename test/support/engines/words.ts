/** What a guest does and sees, by role and accessible name, on a tab of any engine. */
import assert from "node:assert/strict";
import { eventually } from "../site.ts";
import type { Tab } from "./browser.ts";

/** Runs in the page, as text: the first that is shown with this role and name, in open shadow roots, too. */
function find(selector: string, name: string): HTMLElement | null {
  const search = (root: Document | ShadowRoot): HTMLElement | null => {
    for (const element of root.querySelectorAll<HTMLElement>("*")) {
      const found = element.shadowRoot && search(element.shadowRoot);
      if (found) return found;
      const label = element.ariaLabel ?? element.textContent?.trim();
      if (element.matches(selector) && label === name && element.checkVisibility()) return element;
    }
    return null;
  };
  return search(document);
}

const byRole = (selector: string, name: string): string =>
  `(${find})(${JSON.stringify(selector)}, ${JSON.stringify(name)})`;

const button = (name: string): string => byRole("button", name);
const box = byRole("textarea", "Message");
const log = byRole("[role=log]", "Conversation");

const isThere = (tab: Tab, expression: string) =>
  eventually(async () => assert.ok(await tab.evaluate(`${expression} !== null`), `never: ${expression.slice(-60)}`));

/** The conversation as one reads it, line by line; empty where there is none. */
export const read = async (tab: Tab): Promise<string[]> => {
  const text = await tab.evaluate(`${log}?.innerText ?? ""`);
  return String(text)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
};

export async function openChat(tab: Tab): Promise<void> {
  // The loader's launcher may give way to the element's under the pointer; then nothing was clicked.
  await eventually(() => tab.click(button("Open chat")));
  await isThere(tab, box);
}

/** Types and presses Enter. */
export async function say(tab: Tab, text: string): Promise<void> {
  await isThere(tab, box);
  await tab.enter(box, text);
}

/** Waits until a line of the conversation matches, or is just that. */
export const shown = (tab: Tab, line: RegExp | string, ms?: number): Promise<unknown> =>
  eventually(async () => {
    const lines = await read(tab);
    assert.ok(
      lines.some((each) => (typeof line === "string" ? each === line : line.test(each))),
      `never ${line} in: ${lines.join(" | ")}`,
    );
  }, ms);

/** Opens the chat and waits for the bot's first words. */
export async function beginTalk(tab: Tab): Promise<void> {
  await openChat(tab);
  await shown(tab, /Welcome to Fernweh/);
}

/** How often a line of the conversation says just that. */
export const count = async (tab: Tab, text: string): Promise<number> =>
  (await read(tab)).filter((line) => line === text).length;

/** Waits until the tab has gone there. */
const isAt = (tab: Tab, path: string): Promise<unknown> =>
  eventually(async () => assert.equal(await tab.evaluate("location.pathname"), path));

/** By a link of the page's, as a guest walks. */
export async function follow(tab: Tab, name: string): Promise<void> {
  const link = byRole("a", name);
  const path = await tab.evaluate(`${link}.pathname`);
  await tab.click(link);
  await isAt(tab, String(path));
}

/** To the page before, or by `steps` to another one; it may come from the back/forward cache, without a load. */
export async function goBack(tab: Tab, path: string, steps = -1): Promise<void> {
  // Not at once: what goes away with its page does not answer.
  await tab.evaluate(`void setTimeout(() => history.go(${steps}))`);
  await isAt(tab, path);
}
