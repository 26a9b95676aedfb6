/** What a host must be: a rung of the ladder that host.ts climbs down. Types only. */
import type { ChatError } from "../../chat/error.ts";
import type { HubOptions } from "../options.ts";
import type { TabPort } from "../port.ts";

export type HostChoice = "auto" | "worker" | "page";

export interface HostRequest {
  options: HubOptions;
  host: HostChoice;
  workerUrl?: string;
  toScriptUrl?(url: string): string;
  /** Names the tab, and the Web Lock that it holds while it lives. */
  tab: string;
  /** Called for the first port and for each later one: the client joins on it. */
  onPort(port: TabPort): void;
  onDegraded(error: ChatError): void;
  onFailed(error: ChatError): void;
}

/** A host: resolves when it has given out its first port, with the way to leave it. */
export type Host = (request: HostRequest) => Promise<() => void>;
