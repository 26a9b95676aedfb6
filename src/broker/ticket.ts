/** The ticket: a JWT that only brokers make and read; whoever holds it may refresh, name or end one guest's session (profile, section 4). */
import { jwtVerify, SignJWT } from "jose";
import * as v from "valibot";
import { type Profile, TICKET_MAX } from "../wire/profile.ts";
import type { Settled } from "./options.ts";
import { Refusal } from "./problem.ts";

const TYPE = "guest-ticket+jwt";
const DAY_MS = 86_400_000;

/** What a refresh needs to make the next guest like the last. */
export interface Ticket {
  guestId: string;
  sessionId: string;
  /** The origin it was given to, with the embedder's where a hub frame asked; "" for a caller without one. */
  origin: string;
  route: string;
  name: string;
  /** BCP 47; the guest's locale. */
  language: string;
  /** The session that the conversation began with: what is counted or kept for a guest is so through all refreshes. */
  first: string;
  /** How large the guest's attributes are without the profile, in bytes of JSON, and which are the largest. */
  attributes: { bytes: number; largest: string[] };
  /** As verified: a refresh writes it again. */
  profile?: Profile;
}

/** A ticket as read: its id for revoking, and ms since the epoch at which it ends. */
export type ReadTicket = Ticket & { jti: string; expiresAt: number };

export interface Tickets {
  /** `same`: the new ticket is that one with other content, revoked with it and over when it is. */
  issue(ticket: Ticket, same?: Pick<ReadTicket, "jti" | "expiresAt">): Promise<string>;
  /** Rejects with `ticket_invalid`: forged, expired, or another origin's. */
  read(token: string, origin: string): Promise<ReadTicket>;
  revoke(ticket: Pick<ReadTicket, "jti" | "expiresAt">): Promise<void>;
  /** Rejects with `ticket_revoked`. */
  refuseRevoked(ticket: Pick<ReadTicket, "jti">): Promise<void>;
}

const id = v.pipe(v.string(), v.minLength(1));
const claimsSchema = v.object({
  sub: id,
  sid: id,
  jti: id,
  exp: v.number(),
  origin: v.string(),
  route: id,
  name: id,
  language: id,
  first: id,
  attributes: v.object({ bytes: v.number(), largest: v.array(v.string()) }),
  profile: v.optional(v.object({ providerId: id, email: v.optional(id), syncedAt: id })),
});

export function createTickets({
  ticketSecrets,
  ticketDays,
  clock,
  store,
}: Pick<Settled, "ticketSecrets" | "ticketDays" | "clock" | "store">): Tickets {
  const keys = ticketSecrets.map((secret) => new TextEncoder().encode(secret));
  const [signing] = keys;
  if (!signing) throw new TypeError("createTickets: no secret");
  const revokedKey = (jti: string) => `revoked:${jti}`;
  return {
    issue({ guestId, sessionId, ...content }, same) {
      const now = clock.now();
      const { jti, expiresAt } = same ?? { jti: crypto.randomUUID(), expiresAt: now + ticketDays * DAY_MS };
      return new SignJWT({ sid: sessionId, ...content })
        .setProtectedHeader({ alg: "HS256", typ: TYPE })
        .setSubject(guestId)
        .setJti(jti)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(signing);
    },
    async read(token, origin) {
      const payload = token.length <= TICKET_MAX ? await verify(token, keys, clock.now()) : undefined;
      const claims = v.safeParse(claimsSchema, payload);
      if (!claims.success || claims.output.origin !== origin) throw new Refusal("ticket_invalid");
      const { sub, sid, exp, ...rest } = claims.output;
      return { guestId: sub, sessionId: sid, expiresAt: exp * 1000, ...rest };
    },
    revoke: ({ jti, expiresAt }) => store.set(revokedKey(jti), "1", expiresAt - clock.now()),
    async refuseRevoked({ jti }) {
      if (await store.get(revokedKey(jti))) throw new Refusal("ticket_revoked");
    },
  };
}

async function verify(token: string, keys: Uint8Array[], now: number): Promise<unknown> {
  for (const key of keys) {
    try {
      const options = { algorithms: ["HS256"], typ: TYPE, currentDate: new Date(now) };
      return (await jwtVerify(token, key, options)).payload;
    } catch {
      // Perhaps an older secret's.
    }
  }
  return undefined;
}
