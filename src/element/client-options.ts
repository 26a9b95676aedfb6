/** From the element to what its client needs to know: where the session may live, and where the worker's file lies. */
import type { ClientOptions } from "../hub/client.ts";
import type { HostChoice } from "../hub/hosts/rung.ts";
import { createToScriptUrl } from "../hub/trusted-types.ts";
import { type PageOptions, toHubOptions } from "./options.ts";
import { tabStorage } from "./storage.ts";
import { languageOf } from "./times.ts";

/** As built, the worker lies beside this module. */
const WORKER = new URL("./worker.js", import.meta.url).href;

/** Throws a ChatError that names the attribute. */
export function toClientOptions(
  element: HTMLElement & PageOptions & { host?: HostChoice; workerUrl?: string },
): ClientOptions {
  const workerUrl = new URL(element.workerUrl || WORKER, document.baseURI).href;
  return {
    options: toHubOptions(element, document.baseURI, languageOf(element)),
    host: element.host || "auto",
    workerUrl,
    toScriptUrl: createToScriptUrl(workerUrl),
    storage: tabStorage(),
  };
}
