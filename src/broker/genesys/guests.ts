/** Makes guests at Genesys: `POST /api/v2/guests`, and the judgement of its answer (profile, sections 1 and 5). */
import * as v from "valibot";
import { socketPath } from "../../wire/guest-api.ts";
import type { Log } from "../log.ts";
import type { Route, Settled } from "../options.ts";
import { Refusal } from "../problem.ts";
import { type AskGenesys, isAboutSize } from "./ask-genesys.ts";
import { type Attributes, measure, tooLarge } from "./attributes.ts";
import type { AccessTokens } from "./oauth.ts";
import type { TokenCheck } from "./token-check.ts";

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

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const createdSchema = v.object({
  id,
  guestToken: v.pipe(v.string(), v.minLength(1)),
  sessions: v.looseTuple([v.object({ id })]),
});

export function createGuests(
  { publicSocketBase }: Pick<Settled, "publicSocketBase">,
  parts: { askGenesys: AskGenesys; accessTokens: AccessTokens; tokenCheck: TokenCheck; log: Log },
): CreateGuest {
  const { askGenesys, accessTokens, tokenCheck, log } = parts;

  const invalid = (claim: string): Refusal => {
    log("error", "upstream_invalid", { call: CALL, claim });
    return new Refusal("upstream_invalid");
  };

  return async ({ name, attributes, route }) => {
    const { queue, skill, language } = route;
    const routing = { queue: { id: queue }, skill: { id: skill }, language };
    const answer = await askGenesys({
      call: CALL,
      method: "POST",
      path: "/api/v2/guests",
      body: { name, attributes, routing },
      scope: "guest:create",
      tokens: accessTokens,
    });
    if (isAboutSize(answer)) throw tooLarge(measure(attributes));
    if (!answer.ok) {
      log("error", "upstream_refused", { call: CALL, status: answer.status });
      throw new Refusal("upstream_refused");
    }

    const created = v.safeParse(createdSchema, answer.body);
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
