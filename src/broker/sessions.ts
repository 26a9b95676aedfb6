/** What the broker does for a page: begins a guest's session, refreshes it, ends it (profile, section 4). */
import type { RefreshRequest, SessionAnswer, SessionRequest } from "../wire/broker-api.ts";
import { toDigest } from "./digest.ts";
import {
  type Attributes,
  measure,
  refuseTooLarge,
  toGuestAttributes,
  toProfileAttributes,
} from "./genesys/attributes.ts";
import type { CreateGuest } from "./genesys/guests.ts";
import type { Once } from "./once.ts";
import type { Route, Settled } from "./options.ts";
import { Refusal } from "./problem.ts";
import type { Ticket, Tickets } from "./ticket.ts";

const IDEMPOTENCY_MS = 10 * 60_000;
/** How long a rotated ticket still gives the refresh's answer: an answer lost on the way loses nothing. */
const ROTATED_MS = 60_000;
const NAME = "Web Guest";

/** Who asks, and with which browser. */
export interface Caller {
  /** What a ticket is bound to: see `toBoundOrigin`. */
  origin: string;
  userAgent: string | undefined;
}

/** Everything rejects with a `Refusal`. */
export interface Sessions {
  /** `key` is the Idempotency-Key: a repeated call joins the first one or gets its answer. */
  start(caller: Caller, request: SessionRequest, key?: string): Promise<SessionAnswer>;
  refresh(caller: Caller, ticket: string, request: RefreshRequest): Promise<SessionAnswer>;
  end(caller: Caller, ticket: string): Promise<void>;
}

type Kept = Omit<SessionAnswer, "now">;

export function createSessions(
  { routes, clock, store }: Pick<Settled, "routes" | "clock" | "store">,
  parts: { createGuest: CreateGuest; tickets: Tickets; once: Once },
): Sessions {
  const { createGuest, tickets, once } = parts;
  const answerKey = (jti: string) => `refreshed:${jti}`;

  const findRoute = (name: string): Route | undefined => (Object.hasOwn(routes, name) ? routes[name] : undefined);

  const begin = async (
    caller: Caller,
    who: Pick<Ticket, "route" | "name" | "language" | "profile"> & { first?: string },
    route: Route,
    attributes: Attributes,
  ): Promise<Kept> => {
    const whole = { ...attributes, ...(who.profile && toProfileAttributes(who.profile)) };
    refuseTooLarge(measure(whole));
    const guest = await createGuest({ name: who.name, attributes: whole, route });
    const { guestId, sessionId } = guest;
    const ticket = await tickets.issue({
      first: sessionId,
      ...who,
      guestId,
      sessionId,
      origin: caller.origin,
      attributes: measure(attributes),
    });
    return { ...guest, ticket };
  };

  return {
    async start(caller, request, key) {
      const routeName = request.route ?? Object.keys(routes)[0] ?? "";
      const route = findRoute(routeName);
      if (!route) throw new Refusal("unknown_route");
      const language = request.language ?? route.language;
      const name = request.name || route.name || NAME;
      const attributes = toGuestAttributes(request.attributes ?? {}, { ...caller, locale: language });
      const work = () => begin(caller, { route: routeName, name, language }, route, attributes);
      if (key === undefined) return { ...(await work()), now: clock.now() };

      const scoped = `idempotency:${JSON.stringify([caller.origin, routeName, key])}`;
      // Bodies hold what guests say about themselves: only their digest is kept.
      const digest = await toDigest(JSON.stringify(request));
      const first = await once(
        scoped,
        () => IDEMPOTENCY_MS,
        async () => ({ digest, answer: await work() }),
      );
      if (first.digest !== digest) {
        throw new Refusal("invalid_request", "This Idempotency-Key was used with another body.");
      }
      return { ...first.answer, now: clock.now() };
    },

    async refresh(caller, token, request) {
      const ticket = await tickets.read(token, caller.origin);
      const { route: routeName, name, language, first, profile, guestId } = ticket;
      const answer = await once(
        answerKey(ticket.jti),
        () => ROTATED_MS,
        async () => {
          await tickets.refuseRevoked(ticket);
          const route = findRoute(routeName);
          if (!route) throw new Refusal("ticket_invalid", "Its route is no longer configured.");
          const attributes = toGuestAttributes(
            request.attributes ?? {},
            { ...caller, locale: language },
            { continued_from: guestId },
          );
          const next = await begin(caller, { route: routeName, name, language, first, profile }, route, attributes);
          // Ended meanwhile: an ended session must not come back through an answer still on its way.
          await tickets.refuseRevoked(ticket);
          await tickets.revoke(ticket);
          return next;
        },
      );
      return { ...answer, now: clock.now() };
    },

    async end(caller, token) {
      const ticket = await tickets.read(token, caller.origin);
      await tickets.revoke(ticket);
      await store.delete(answerKey(ticket.jti));
    },
  };
}
