/** Asks axe-core what on a page keeps people from using it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 A and AA, and what is good practice beyond. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

const toLine = ({ id, help, nodes }: Axe.Result): string =>
  `${id}: ${help}\n${nodes.map(({ target, html, failureSummary }) => `    ${target.flat().join(" ")}  ${html.slice(0, 200)}\n      ${failureSummary?.replaceAll("\n", "\n      ")}`).join("\n")}`;

/** Each finding as a paragraph; none when all is well. Through shadow roots; the page's own policy stays in force. */
export async function findings(page: Page): Promise<string[]> {
  // By the debugger's hand: the page's policy would refuse a script tag.
  await page.evaluate(`if (!globalThis.axe) { ${source} }`);
  const results = await page.evaluate((tags) => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    // The launcher is called "Open chat", which is a promise; the number on it is told by its description.
    axe.configure({ rules: [{ id: "label-content-name-mismatch", selector: ":not([part=launcher])" }] });
    return axe.run({ runOnly: tags });
  }, TAGS);
  if (process.env.AXE_INCOMPLETE) console.log(results.incomplete.map(toLine).join("\n"));
  return results.violations.map(toLine);
}
