/** What specs of rich messages look for, as a guest would name it, and what axe-core has against what is shown. */
import type Axe from "axe-core";
import { type Found, ok, until } from "./support.ts";

/** The shown elements of a role's selector with this accessible name: by label, or by what is written in it. */
export function named<Type extends HTMLElement>({ root }: Found, selector: string, name: string): Type {
  const labelled = (each: HTMLElement) => {
    const by = each.getAttribute("aria-labelledby");
    const label =
      each instanceof HTMLInputElement || each instanceof HTMLTextAreaElement || each instanceof HTMLSelectElement
        ? each.labels?.[0]?.textContent
        : undefined;
    return (
      each.getAttribute("aria-label") ??
      (by ? root.getElementById(by)?.textContent : undefined) ??
      label ??
      each.textContent ??
      ""
    );
  };
  const clean = (text: string) => text.replace(/\s+/g, " ").trim();
  const all = [...root.querySelectorAll<Type>(selector)].filter((each) => each.checkVisibility());
  const found = all.find((each) => clean(labelled(each)) === name);
  ok(found, `there is no ${selector} "${name}", only ${all.map((each) => `"${clean(labelled(each))}"`).join(", ")}`);
  return found;
}

/** Resolves when the chunk that shows it is there. */
export const shown = async <Type extends HTMLElement>(found: Found, selector: string, name: string): Promise<Type> => {
  await until(() => {
    try {
      return named<Type>(found, selector, name);
    } catch {
      return null;
    }
  }, `${selector} "${name}" is shown`);
  return named<Type>(found, selector, name);
};

/** As a guest does it: types or chooses. */
export async function fill({ settle }: Found, field: HTMLElement, value: string): Promise<void> {
  (field as HTMLInputElement).value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
}

/** The rules that are broken, each with where. */
export async function findings({ chat, root }: Found): Promise<string[]> {
  const global = globalThis as unknown as { axe?: typeof Axe };
  if (!global.axe) {
    const script = document.createElement("script");
    script.src = "/node_modules/axe-core/axe.min.js";
    document.head.append(script);
    await until(() => global.axe, "axe-core is there");
  }
  // What fades in has too little contrast on its way.
  for (const animation of root.getAnimations()) animation.finish();
  const { violations } = await (global.axe as typeof Axe).run(chat, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
