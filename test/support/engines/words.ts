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

/** Waits until a line of the conversation matches. */
export const shown = (tab: Tab, line: RegExp, ms?: number): Promise<unknown> =>
  eventually(async () => {
    const lines = await read(tab);
    assert.ok(
      lines.some((each) => line.test(each)),
      `never ${line} in: ${lines.join(" | ")}`,
    );
  }, ms);
