/** The element as the look's chunk sees it, and what it asks the platform for. */
import type { LookRequest } from "../../hub/look.ts";
import type { PageOptions } from "../options.ts";

export interface LookHost extends HTMLElement, PageOptions {
  launcher?: string | null;
  /** The page's own. */
  position?: string | null;
  open: boolean;
  texts?: Readonly<Record<string, string>> | null;
}

export interface Consent {
  /** Nothing may be fetched or kept yet. */
  readonly isMissing: boolean;
}

/** Throws where the endpoint is no address: opening the chat says so, too. */
export const toRequest = ({ deploymentId, environment, endpoint }: LookHost): LookRequest => ({
  deploymentId: deploymentId as string,
  environment: environment ?? undefined,
  endpoint: endpoint ? new URL(endpoint, document.baseURI).href.replace(/\/+$/, "") : undefined,
});
