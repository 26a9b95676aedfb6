/** One call of Genesys' REST API: JSON both ways, a bearer, and once more with a new one where it is refused (profile, sections 1 and 5). */
import * as v from "valibot";
import type { Log } from "../log.ts";
import type { Settled } from "../options.ts";
import { Refusal } from "../problem.ts";
import type { AccessToken, AccessTokens } from "./oauth.ts";
import type { Upstream } from "./upstream.ts";

export interface GenesysCall {
  /** Its name in the log. */
  call: string;
  method: "POST" | "PUT";
  /** Below the base URL, encoded. */
  path: string;
  body: unknown;
  /** The scope that it needs: named in the log when Genesys refuses. */
  scope: string;
  tokens: AccessTokens;
}

export interface GenesysAnswer {
  ok: boolean;
  status: number;
  /** Undefined when it was no JSON. */
  body: unknown;
}

/** Resolves with any answer but 401, 403, 429 and 5xx; rejects with a `Refusal`. */
export type AskGenesys = (call: GenesysCall) => Promise<GenesysAnswer>;

export function createAskGenesys(
  { baseUrl }: Pick<Settled, "baseUrl">,
  { upstream, log }: { upstream: Upstream; log: Log },
): AskGenesys {
  return async ({ call, method, path, body, scope, tokens }) => {
    const text = JSON.stringify(body);
    const send = (access: AccessToken) =>
      upstream(call, (signal) => {
        const headers = {
          Authorization: `Bearer ${access.token}`,
          "Content-Type": "application/json",
          Accept: "application/json",
        };
        // A redirect would carry the bearer and the guest's data elsewhere.
        return new Request(`${baseUrl}${path}`, { method, headers, body: text, redirect: "manual", signal });
      });

    let access = await tokens.get();
    let response = await send(access);
    if (isUnauthorized(response)) {
      access = await tokens.renew(access);
      response = await send(access);
    }
    const { ok, status } = response;
    if (isUnauthorized(response)) {
      const missing = access.scopes.includes(scope) ? `${scope} (granted, and refused)` : scope;
      log("error", "upstream_unauthorized", { call, status, scope: missing });
      throw new Refusal("upstream_unauthorized");
    }
    return { ok, status, body: await readJson(response) };
  };
}

const isUnauthorized = ({ status }: Response): boolean => status === 401 || status === 403;

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

const errorSchema = v.object({ code: v.fallback(v.string(), ""), message: v.fallback(v.string(), "") });

const toWords = (body: unknown): string => {
  const error = v.safeParse(errorSchema, body);
  return error.success ? `${error.output.code} ${error.output.message}` : "";
};

/** Genesys has no stable code for "over 10 KB"; its words must speak of attributes and of their size. */
export function isAboutSize({ status, body }: GenesysAnswer): boolean {
  const words = toWords(body);
  return status === 400 && /attribute/i.test(words) && /large|size|exceed|10 ?KB|10,?240|too (big|long)/i.test(words);
}

/** 404 and 410; and a 400 whose words speak of a guest that is not there. */
export function isAboutGone({ status, body }: GenesysAnswer): boolean {
  if (status === 404 || status === 410) return true;
  const words = toWords(body);
  return status === 400 && /guest/i.test(words) && /unknown|not[. _]?found|no such|not exist|gone|expired/i.test(words);
}
