/** What a host must be: a rung of the ladder that host.ts climbs down. */
import type { ChatError } from "../../chat/error.ts";
import type { HubOptions } from "../options.ts";
import type { TabPort } from "../port.ts";
import type { TabStorage } from "../unacknowledged.ts";

/** From the best to the last. */
export type Rung = "worker" | "frame" | "tab" | "page";
export type HostChoice = "auto" | Rung;

/** What is forbidden may be so without a word: with "auto", this long without a sign of life is a failure. */
export const PATIENCE_MS = 1_500;

/** In the tab's storage: the rung that it has come down to, so that its next page does not wait for the others again. */
export const RUNG_KEY = "genesys-guest-chat:host";

export interface HostRequest {
  options: HubOptions;
  host: HostChoice;
  workerUrl?: string;
  toScriptUrl?(url: string): string;
  /** Names the tab, and the Web Lock that it holds while it lives. */
  tab: string;
  /** sessionStorage, where it is to be had and wanted. */
  storage?: TabStorage | null;
  /** Called for the first port and for each later one: the client joins on it. */
  onPort(port: TabPort): void;
  onDegraded(error: ChatError): void;
  onFailed(error: ChatError): void;
}

export interface RungRequest extends HostRequest {
  /** Aborted at any time, also before the host has come up: it lets go of all that it has. */
  signal: AbortSignal;
  /** It had worked, and cannot be brought up again. */
  onLost(cause: Error): void;
}

/** A host: resolves when ports are certain to come, rejects where it cannot live. */
export type Host = (request: RungRequest) => Promise<void>;

/** Nothing where no rung below the worker is known. */
export function recall({ storage }: HostRequest): string | null | undefined {
  try {
    return storage?.getItem(RUNG_KEY);
  } catch {
    return null;
  }
}

/** The worker's file, by default beside this one, is of the page's own origin: from another no browser starts one. */
export const isOwn = (workerUrl = ""): boolean => new URL(workerUrl, import.meta.url).origin === location.origin;
