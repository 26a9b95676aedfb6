/** /oauth/token and what its tokens allow: client credentials (RFC 6749, section 4.4) and token exchange (RFC 8693), one client. */
import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { decodeJwt } from "jose";
import { answerError } from "./http.ts";
import type { ResolvedOptions } from "./options.ts";
import { createRate } from "./rate.ts";

export interface OAuth {
  routes: Hono;
  /** The answer to give when a request's bearer token is missing, unknown or lacks a scope (RFC 6750, section 3.1). */
  refuse(c: Context, ...scopes: string[]): Response | undefined;
  tokensIssued(): number;
}

interface AccessToken {
  scopes: readonly string[];
  /** ms since the epoch. */
  expiresAt: number;
}

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
/** What a token that was given for a guest's sign-in may do. */
const DELEGATED = ["guest:read", "user:read"];

type Client = { id: string; secret: string };

const decodeForm = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));

/** RFC 6749, section 2.3.1: id and secret are form-encoded before they are put together. */
function readBasic(header: string): Client | undefined {
  try {
    const [id, secret] = atob(header.replace(/^Basic /i, "")).split(":");
    return id === undefined || secret === undefined ? undefined : { id: decodeForm(id), secret: decodeForm(secret) };
  } catch {
    return undefined;
  }
}

function readClient(header: string | undefined, form: URLSearchParams): Client | undefined {
  if (header !== undefined) return readBasic(header);
  const id = form.get("client_id");
  const secret = form.get("client_secret");
  return id === null || secret === null ? undefined : { id, secret };
}

/** RFC 8693, section 2.1. The sandbox knows no identity provider: it reads an ID token's claims, and verifies no signature. */
function findExchangeFault(form: URLSearchParams, now: number): string | undefined {
  const token = form.get("subject_token");
  if (!token) return "subject_token is missing";
  if (form.get("subject_token_type") !== ID_TOKEN) return `Expected the subject_token_type ${ID_TOKEN}`;
  const wanted = form.get("requested_token_type") ?? ACCESS_TOKEN;
  if (wanted !== ACCESS_TOKEN) return `Expected the requested_token_type ${ACCESS_TOKEN}`;
  if (form.has("actor_token")) return "An actor_token is not taken here";
  try {
    const { iss, sub, aud, exp = 0 } = decodeJwt(token);
    if (!iss || !sub || !aud) return "The subject_token lacks iss, sub or aud";
    return exp * 1000 > now ? undefined : "The subject_token has expired";
  } catch {
    return "The subject_token is no JWT";
  }
}

export function createOAuth(options: ResolvedOptions): OAuth {
  const { clock, randomId } = options;
  const rate = createRate(options.tokensPerMinute, clock.now);
  const tokens = new Map<string, AccessToken>();
  let issued = 0;

  const routes = new Hono();
  routes.post("/oauth/token", async (c) => {
    c.header("Cache-Control", "no-store");
    const refuse = (status: ContentfulStatusCode, error: string, error_description: string) =>
      c.json({ error, error_description }, status);
    const wait = rate.take();
    if (wait > 0) {
      c.header("Retry-After", String(wait));
      return refuse(429, "rate_limited", "Too many token requests");
    }
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header("content-type") ?? "")) {
      return refuse(400, "invalid_request", "Expected a form body");
    }
    const form = new URLSearchParams(await c.req.text());
    const twice = [...form.keys()].find((name) => form.getAll(name).length > 1);
    if (twice !== undefined) return refuse(400, "invalid_request", `${twice} was given twice`);

    const header = c.req.header("authorization");
    if (header !== undefined && form.has("client_secret")) {
      return refuse(400, "invalid_request", "The client authenticates in two ways");
    }
    const client = readClient(header, form);
    if (client?.id !== options.clientId || client.secret !== options.clientSecret) {
      if (header !== undefined) c.header("WWW-Authenticate", 'Basic realm="sandbox"');
      return refuse(401, "invalid_client", "Client id or secret is wrong");
    }
    const grant = form.get("grant_type");
    if (grant === null) return refuse(400, "invalid_request", "grant_type is missing");
    if (grant !== "client_credentials" && grant !== EXCHANGE) {
      return refuse(400, "unsupported_grant_type", `Expected client_credentials or ${EXCHANGE}`);
    }
    const fault = grant === EXCHANGE ? findExchangeFault(form, clock.now()) : undefined;
    if (fault !== undefined) return refuse(400, "invalid_request", fault);
    const allowed = options.scopes.filter((scope) => grant !== EXCHANGE || DELEGATED.includes(scope));

    const asked = form.get("scope")?.split(" ").filter(Boolean) ?? [];
    const strange = asked.find((scope) => !allowed.includes(scope));
    if (strange !== undefined) return refuse(400, "invalid_scope", `There is no scope ${strange} for this client here`);

    const scopes = asked.length > 0 ? asked : allowed;
    const token = `${randomId()}${randomId()}`.replaceAll("-", "");
    tokens.set(token, { scopes, expiresAt: clock.now() + options.accessTokenSeconds * 1000 });
    issued += 1;
    return c.json({
      access_token: token,
      token_type: "bearer",
      expires_in: options.accessTokenSeconds,
      scope: scopes.join(" "),
      ...(grant === EXCHANGE && { issued_token_type: ACCESS_TOKEN }),
    });
  });

  return {
    routes,
    refuse(c, ...scopes) {
      const [, bearer] = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
      const token = bearer === undefined ? undefined : tokens.get(bearer);
      if (bearer === undefined || token === undefined || token.expiresAt <= clock.now()) {
        c.header("WWW-Authenticate", bearer === undefined ? "Bearer" : 'Bearer error="invalid_token"');
        return answerError(c, 401, "bad.credentials", "The access token is missing, unknown or expired");
      }
      const missing = scopes.filter((scope) => !token.scopes.includes(scope));
      if (missing.length === 0) return undefined;
      c.header("WWW-Authenticate", `Bearer error="insufficient_scope", scope="${scopes.join(" ")}"`);
      return answerError(c, 403, "missing.permissions", `The access token lacks ${missing.join(" ")}`);
    },
    tokensIssued: () => issued,
  };
}
