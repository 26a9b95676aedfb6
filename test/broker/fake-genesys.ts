/** Genesys for the broker's tests: a fetch that counts, answers as told, and keeps what it was sent. */
import { SignJWT } from "jose";

export const CLIENT_SECRET = "canary-client-secret";
export const GUEST_SECRET = "canary-guest-token-secret-0123456789";

type Answer = (request: Request) => Response | Promise<Response>;

export interface GuestBody {
  name: string;
  attributes: Record<string, unknown>;
  routing: { queue: { id: string }; skill: { id: string }; language: string };
}

export interface FakeGenesys {
  fetch: Answer;
  /** Bodies of `/oauth/token`, in order. */
  tokenCalls: URLSearchParams[];
  /** Calls of `/api/v2/guests`, in order. */
  guestCalls: { bearer: string; body: GuestBody }[];
  /** Calls of `PUT /api/v2/guests/{id}`, in order. */
  updateCalls: { bearer: string; guestId: string; attributes: Record<string, unknown> }[];
  /** Answers to give before the usual one, first in, first out. */
  nextToken: Answer[];
  nextGuest: Answer[];
  nextUpdate: Answer[];
  /** The usual answers, for a script to wrap. */
  token: () => Response;
  guest: (change?: { claims?: Record<string, unknown>; body?: Record<string, unknown> }) => Promise<Response>;
  /** Everything secret that was ever given out. */
  secrets: string[];
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers });

export const status = (code: number, headers: Record<string, string> = {}): Answer => {
  return () => json({ status: code, code: "made.up", message: "made up" }, code, headers);
};

export function createFakeGenesys(now: () => number): FakeGenesys {
  let guests = 0;
  let tokens = 0;
  const fake: FakeGenesys = {
    tokenCalls: [],
    guestCalls: [],
    nextToken: [],
    nextGuest: [],
    updateCalls: [],
    nextUpdate: [],
    secrets: [CLIENT_SECRET, GUEST_SECRET],
    token() {
      const access_token = `canary-access-token-${++tokens}`;
      fake.secrets.push(access_token);
      return json({
        access_token,
        token_type: "bearer",
        expires_in: 1000,
        scope: fake.tokenCalls.at(-1)?.get("scope"),
      });
    },
    async guest({ claims = {}, body = {} } = {}) {
      const id = `guest-${++guests}`;
      const iat = Math.floor(now() / 1000);
      const payload = { sub: id, iat, exp: iat + 3600, routing_hints: { queue: "q1" }, attributes: {}, ...claims };
      const guestToken = await new SignJWT(payload)
        .setProtectedHeader({ alg: "HS256" })
        .sign(new TextEncoder().encode(GUEST_SECRET));
      fake.secrets.push(guestToken);
      return json({ id, guestToken, sessions: [{ id: `session-${guests}` }], attributes: {}, ...body }, 201);
    },
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/oauth/token") {
        fake.tokenCalls.push(new URLSearchParams(await request.text()));
        return (fake.nextToken.shift() ?? fake.token)(request);
      }
      if (pathname === "/api/v2/guests") {
        const bearer = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
        fake.guestCalls.push({ bearer, body: (await request.json()) as GuestBody });
        return (fake.nextGuest.shift() ?? (() => fake.guest()))(request);
      }
      const [, guestId] = /^\/api\/v2\/guests\/([^/]+)$/.exec(pathname) ?? [];
      if (guestId !== undefined && request.method === "PUT") {
        const bearer = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
        const { attributes } = (await request.json()) as Pick<GuestBody, "attributes">;
        fake.updateCalls.push({ bearer, guestId, attributes });
        return (fake.nextUpdate.shift() ?? (() => json({ id: guestId, attributes })))(request);
      }
      throw new Error(`unexpected ${pathname}`);
    },
  };
  return fake;
}
