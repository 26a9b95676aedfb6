/** The ticket: a JWT that only brokers make and read; whoever holds it may refresh or end one guest's session (profile, section 4). */
import { jwtVerify, SignJWT } from "jose";
import * as v from "valibot";
import type { Settled } from "./options.ts";
import { Refusal } from "./problem.ts";

const TYPE = "guest-ticket+jwt";
const TICKET_BYTES = 8_192;
const DAY_MS = 86_400_000;

/** What a refresh needs to make the next guest like the last. */
export interface Ticket {
  guestId: string;
  sessionId: string;
  /** The origin it was given to; "" for a caller without one. */
  origin: string;
  route: string;
  name: string;
  /** BCP 47; the guest's locale. */
  language: string;
}

/** A ticket as read: its id for revoking, and ms since the epoch at which it ends. */
export type ReadTicket = Ticket & { jti: string; expiresAt: number };

export interface Tickets {
  issue(ticket: Ticket): Promise<string>;
  /** Rejects with `ticket_invalid`: forged, expired, or another origin's. */
  read(token: string, origin: string): Promise<ReadTicket>;
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
});

export function createTickets({
  ticketSecrets,
  ticketDays,
  clock,
}: Pick<Settled, "ticketSecrets" | "ticketDays" | "clock">): Tickets {
  const keys = ticketSecrets.map((secret) => new TextEncoder().encode(secret));
  const [signing] = keys;
  if (!signing) throw new TypeError("createTickets: no secret");
  return {
    issue({ guestId, sessionId, origin, route, name, language }) {
      const now = clock.now();
      return new SignJWT({ sid: sessionId, origin, route, name, language })
        .setProtectedHeader({ alg: "HS256", typ: TYPE })
        .setSubject(guestId)
        .setJti(crypto.randomUUID())
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor((now + ticketDays * DAY_MS) / 1000))
        .sign(signing);
    },
    async read(token, origin) {
      const payload = token.length <= TICKET_BYTES ? await verify(token, keys, clock.now()) : undefined;
      const claims = v.safeParse(claimsSchema, payload);
      if (!claims.success || claims.output.origin !== origin) throw new Refusal("ticket_invalid");
      const { sub, sid, exp, ...rest } = claims.output;
      return { guestId: sub, sessionId: sid, expiresAt: exp * 1000, ...rest };
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
