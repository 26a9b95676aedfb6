/** From a deployment's labels to texts of ours: those in the language that is in use. */
import type { Look } from "../../hub/look.ts";

/** Genesys' names for them, and ours. */
const TEXTS = {
  MessengerHomeHeaderTitle: "title",
  MessengerHomeHeaderSubTitle: "empty",
  MessengerLauncherButtonText: "openChat",
};

/**
 * `language` is BCP 47, the page's: labels of it, else of the same language elsewhere; of the deployment's own only where the
 * deployment does not speak the page's at all.
 */
export function toTexts({ labels, languages, language: own = "" }: Look, language: string): Record<string, string> {
  const wanted = language.toLowerCase();
  const [plain] = wanted.split("-");
  const near = [...Object.keys(labels), ...languages].filter((each) => each.split("-")[0] === plain);
  const found = labels[near.includes(wanted) ? wanted : (near[0] ?? own)] ?? {};
  return Object.fromEntries(Object.entries(TEXTS).flatMap(([key, name]) => (found[key] ? [[name, found[key]]] : [])));
}
