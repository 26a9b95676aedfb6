/** Tells Genesys who a guest is to an identity provider: `PUT /v1/profile` (profile, sections 1, 4 and 5). */
import type { Profile, ProfileAnswer, ProfileRequest, VouchedProfile } from "../../wire/profile.ts";
import { toDigest } from "../digest.ts";
import { type AskGenesys, isAboutGone, isAboutSize } from "../genesys/ask-genesys.ts";
import { type Attributes, measureBoth, refuseTooLarge, tooLarge, toProfileAttributes } from "../genesys/attributes.ts";
import type { AccessTokens } from "../genesys/oauth.ts";
import type { Log } from "../log.ts";
import type { Once } from "../once.ts";
import type { Settled } from "../options.ts";
import { Refusal } from "../problem.ts";
import { createRate } from "../rate.ts";
import type { Caller } from "../sessions.ts";
import type { ReadTicket, Tickets } from "../ticket.ts";
import { type CheckIdToken, createCheckIdToken, ID_TOKEN_LIFE_MS, type Identity } from "./id-token.ts";

const CALL = "update_guest";

export interface Profiles {
  /** Throws `not_configured` when this broker has no identity provider and trusts no caller. */
  refuseUnconfigured(): void;
  /** The guest is the ticket's. Rejects with a `Refusal`. */
  sync(caller: Caller, ticket: string, request: ProfileRequest | VouchedProfile): Promise<ProfileAnswer>;
}

export function createProfiles(
  settled: Settled,
  parts: {
    askGenesys: AskGenesys;
    accessTokens: AccessTokens;
    exchange: (idToken: string) => AccessTokens;
    tickets: Tickets;
    once: Once;
    log: Log;
  },
): Profiles {
  const { oidc, delegation, trustCaller, clock } = settled;
  const { askGenesys, accessTokens, exchange, tickets, once, log } = parts;
  const takeTurn = createRate({ burst: 5, perMinute: 6 }, clock);
  const checkIdToken: CheckIdToken = oidc
    ? createCheckIdToken(oidc, settled)
    : () => Promise.reject(new Refusal("not_configured"));

  /** What the signature covers names a token: the signature itself can be written in more than one way. */
  const claim = async (idToken: string, { first }: ReadTicket): Promise<void> => {
    const digest = await toDigest(idToken.slice(0, idToken.lastIndexOf(".")));
    const owner = await once(
      `id-token:${digest}`,
      () => ID_TOKEN_LIFE_MS,
      async () => first,
    );
    if (owner !== first) throw new Refusal("id_token_used");
  };

  const write = async (ticket: ReadTicket, attributes: Attributes, tokens: AccessTokens): Promise<void> => {
    const answer = await askGenesys({
      call: CALL,
      method: "PUT",
      path: `/api/v2/guests/${encodeURIComponent(ticket.guestId)}`,
      body: { attributes },
      scope: "user:read",
      tokens,
    });
    if (answer.ok) return;
    log("warn", "upstream_refused", { call: CALL, status: answer.status });
    if (isAboutSize(answer)) throw tooLarge(measureBoth(ticket.attributes, attributes));
    throw new Refusal(isAboutGone(answer) ? "guest_gone" : "upstream_refused");
  };

  return {
    refuseUnconfigured() {
      if (!oidc && !trustCaller) throw new Refusal("not_configured");
    },

    async sync(caller, token, request) {
      const { jti, expiresAt, ...ticket } = await tickets.read(token, caller.origin);
      const read = { ...ticket, jti, expiresAt };
      await tickets.refuseRevoked(read);
      takeTurn(ticket.first);

      let identity: Identity;
      let tokens = accessTokens;
      if ("idToken" in request) {
        identity = await checkIdToken(request);
        await claim(request.idToken, read);
        if (delegation === "token-exchange") tokens = exchange(request.idToken);
      } else {
        identity = request;
      }

      const profile: Profile = { ...identity, syncedAt: new Date(clock.now()).toISOString() };
      const attributes = toProfileAttributes(profile);
      refuseTooLarge(measureBoth(ticket.attributes, attributes));
      // Genesys merges: an address written for an earlier sign-in must not stand beside this one.
      if (ticket.profile?.email !== undefined && profile.email === undefined) attributes.external_email = null;
      await write(read, attributes, tokens);

      // Rotated meanwhile: then the next guest was made without the profile, and its ticket must ask again.
      await tickets.refuseRevoked(read);
      log("info", "profile_synced", { session: ticket.first });
      return { ...profile, ticket: await tickets.issue({ ...ticket, profile }, { jti, expiresAt }), now: clock.now() };
    },
  };
}
