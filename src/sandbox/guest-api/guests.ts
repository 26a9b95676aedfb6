/** /api/v2/guests (Guest API profile, section 1): guests are made and their attributes changed, by OAuth clients only. */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { attributesBytes } from "../../wire/broker-api.ts";
import { answerError, plainObject, readBody, someText } from "../http.ts";
import type { OAuth } from "../oauth.ts";
import type { ResolvedOptions, Settings } from "../options.ts";
import { createRate } from "../rate.ts";
import type { Sessions } from "../sessions.ts";
import type { GuestTokens } from "./tokens.ts";

const newGuest = v.strictObject({
  name: v.pipe(someText, v.maxLength(256)),
  attributes: plainObject,
  routing: v.strictObject({
    queue: v.strictObject({ id: someText }),
    skill: v.strictObject({ id: someText }),
    language: someText,
  }),
});

const changedGuest = v.strictObject({ attributes: plainObject });

export interface GuestRoutes {
  routes: Hono;
  guestsCreated(): number;
}

export function createGuestRoutes(
  options: ResolvedOptions,
  settings: Settings,
  { oauth, sessions, tokens }: { oauth: OAuth; sessions: Sessions; tokens: GuestTokens },
): GuestRoutes {
  const rate = createRate(options.requestsPerMinute, options.clock.now);
  let created = 0;

  const refuse = (c: Context, ...scopes: string[]): Response | undefined => {
    const refused = oauth.refuse(c, ...scopes);
    if (refused) return refused;
    const wait = rate.take();
    return wait > 0
      ? answerError(c, 429, "too.many.requests", `Rate limit exceeded: ${options.requestsPerMinute} in a minute`, wait)
      : undefined;
  };
  const refuseSize = (c: Context, attributes: Record<string, unknown>): Response | undefined => {
    const bytes = attributesBytes(attributes);
    const most = options.limits.attributesBytes;
    return bytes > most
      ? answerError(c, 400, "attributes.too.large", `attributes: ${bytes} bytes, at most ${most} are allowed`)
      : undefined;
  };

  const routes = new Hono();

  routes.post("/api/v2/guests", async (c) => {
    const refused = refuse(c, "guest:create");
    if (refused) return refused;
    const read = await readBody(c, newGuest);
    if ("response" in read) return read.response;
    const { name, attributes, routing } = read.body;
    const tooLarge = refuseSize(c, attributes);
    if (tooLarge) return tooLarge;
    const before = attributes.continued_from;
    if (before !== undefined && typeof before !== "string") {
      return answerError(c, 400, "bad.request", "attributes.continued_from: Expected the id of a guest");
    }
    const hints = { queue: routing.queue.id, skill: routing.skill.id, language: routing.language };
    const session = sessions.create({ name, attributes, routing: hints }, before);
    created += 1;
    const guestToken = await tokens.sign(session.guest, settings.guestTokenSeconds);
    return c.json({ id: session.guest.id, guestToken, sessions: [{ id: session.id }], attributes }, 201);
  });

  routes.put("/api/v2/guests/:id", async (c) => {
    const refused = refuse(c, "guest:read", "user:read");
    if (refused) return refused;
    const session = sessions.ofGuest(c.req.param("id"));
    if (!session) return answerError(c, 404, "not.found", "There is no such guest");
    const read = await readBody(c, changedGuest);
    if ("response" in read) return read.response;
    const attributes = { ...session.guest.attributes, ...read.body.attributes };
    const tooLarge = refuseSize(c, attributes);
    if (tooLarge) return tooLarge;
    sessions.change(session, { attributes });
    return c.json({ id: session.guest.id, attributes });
  });

  const onlyBy = (method: string) => (c: Context) => {
    c.header("Allow", method);
    return answerError(c, 405, "method.not.allowed", `Expected ${method}`);
  };
  routes.all("/api/v2/guests", onlyBy("POST"));
  routes.all("/api/v2/guests/:id", onlyBy("PUT"));
  routes.get("/api/v2/guests/:id/sessions/:session/ws", (c) => {
    c.header("Upgrade", "websocket");
    return answerError(c, 426, "upgrade.required", "This is the address of a WebSocket");
  });

  return { routes, guestsCreated: () => created };
}
