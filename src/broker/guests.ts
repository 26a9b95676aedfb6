/** Makes guests at Genesys: `POST /api/v2/guests`, and the judgement of its answer (profile, sections 1 and 5). */
import * as v from "valibot";
import { socketPath } from "../wire/guest-api.ts";
import { type Attributes, tooLarge } from "./attributes.ts";
import type { Log } from "./log.ts";
import type { AccessToken, AccessTokens } from "./oauth.ts";
import type { Route, Settled } from "./options.ts";
import { Refusal } from "./problem.ts";
import type { TokenCheck } from "./token-check.ts";
import type { Upstream } from "./upstream.ts";

export interface Guest {
  guestId: string;
  sessionId: string;
  guestToken: string;
  /** ms since the epoch. */
  expiresAt: number;
  socketUrl: string;
}

/** Rejects with a `Refusal`. */
export type CreateGuest = (guest: { name: string; attributes: Attributes; route: Route }) => Promise<Guest>;

const CALL = "create_guest";
const SCOPE = "guest:create";

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const createdSchema = v.object({
  id,
  guestToken: v.pipe(v.string(), v.minLength(1)),
  sessions: v.looseTuple([v.object({ id })]),
});
const errorSchema = v.object({ code: v.fallback(v.string(), ""), message: v.fallback(v.string(), "") });

export function createGuests(
  { baseUrl, publicSocketBase }: Pick<Settled, "baseUrl" | "publicSocketBase">,
  parts: { upstream: Upstream; accessTokens: AccessTokens; tokenCheck: TokenCheck; log: Log },
): CreateGuest {
  const { upstream, accessTokens, tokenCheck, log } = parts;

  const invalid = (claim: string): Refusal => {
    log("error", "upstream_invalid", { call: CALL, claim });
    return new Refusal("upstream_invalid");
  };

  return async ({ name, attributes, route }) => {
    const { queue, skill, language } = route;
    const routing = { queue: { id: queue }, skill: { id: skill }, language };
    const body = JSON.stringify({ name, attributes, routing });
    const post = (access: AccessToken) =>
      upstream(CALL, (signal) => {
        const headers = {
          Authorization: `Bearer ${access.token}`,
          "Content-Type": "application/json",
          Accept: "application/json",
        };
        // A redirect would carry the bearer and the guest's data elsewhere.
        return new Request(`${baseUrl}/api/v2/guests`, { method: "POST", headers, body, redirect: "manual", signal });
      });

    let access = await accessTokens.get();
    let response = await post(access);
    if (isUnauthorized(response)) {
      access = await accessTokens.renew(access);
      response = await post(access);
    }
    if (isUnauthorized(response)) {
      const scope = access.scopes.includes(SCOPE) ? `${SCOPE} (granted, and refused)` : SCOPE;
      log("error", "upstream_unauthorized", { call: CALL, status: response.status, scope });
      throw new Refusal("upstream_unauthorized");
    }
    const answer = await readJson(response);
    if (response.status === 400 && isAboutSize(answer)) throw tooLarge(attributes);
    if (!response.ok) {
      log("error", "upstream_refused", { call: CALL, status: response.status });
      throw new Refusal("upstream_refused");
    }

    const created = v.safeParse(createdSchema, answer);
    if (!created.success) throw invalid(v.getDotPath(created.issues[0]) ?? "body");
    const { id: guestId, guestToken, sessions } = created.output;
    const verdict = await tokenCheck(guestToken, guestId);
    if (!verdict.ok) throw invalid(verdict.claim);
    const sessionId = sessions[0].id;
    return {
      guestId,
      sessionId,
      guestToken,
      expiresAt: verdict.claims.exp * 1000,
      socketUrl: publicSocketBase + socketPath(guestId, sessionId),
    };
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

/** Genesys has no stable code for "over 10 KB"; its words must speak of attributes and of their size. */
function isAboutSize(answer: unknown): boolean {
  const error = v.safeParse(errorSchema, answer);
  if (!error.success) return false;
  const words = `${error.output.code} ${error.output.message}`;
  return /attribute/i.test(words) && /large|size|exceed|10 ?KB|10,?240|too (big|long)/i.test(words);
}
