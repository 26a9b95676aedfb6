/** The broker's settings from environment variables: read, checked, and the wrong ones named in one line. */
import * as v from "valibot";
import { type BrokerOptions, optionsSchema } from "./options.ts";

export interface Settings {
  options: BrokerOptions;
  port: number;
  host: string;
}

export type Env = Record<string, string | undefined>;

/** Which variable an option comes from. */
const VARIABLES: Record<string, string> = {
  baseUrl: "GENESYS_BASE_URL",
  clientId: "GENESYS_CLIENT_ID",
  clientSecret: "GENESYS_CLIENT_SECRET",
  routes: "ROUTES",
  allowedOrigins: "ALLOWED_ORIGINS",
  ticketSecrets: "TICKET_SECRETS",
  ticketDays: "TICKET_DAYS",
  "oidc.issuer": "OIDC_ISSUER",
  "oidc.clientId": "OIDC_CLIENT_ID",
  delegation: "DELEGATION",
  perMinute: "GENESYS_PER_MINUTE",
};

const ORG = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Gives the settings, or one line for the operator that names every wrong variable and shows no value. */
export function readSettings(env: Env): { ok: true; settings: Settings } | { ok: false; line: string } {
  const wrong: string[] = [];
  const get = (name: string): string | undefined => env[name]?.trim() || undefined;

  const org = get("GENESYS_ORG") ?? "";
  const jwksUrl = get("GUEST_TOKEN_JWKS_URL");
  const guestSecret = get("GUEST_TOKEN_SECRET");
  if (jwksUrl && guestSecret) wrong.push("GUEST_TOKEN_JWKS_URL, GUEST_TOKEN_SECRET: expected one of the two");

  const issuer = get("OIDC_ISSUER");
  const oidcClientId = get("OIDC_CLIENT_ID");

  const given = {
    baseUrl: get("GENESYS_BASE_URL") ?? (ORG.test(org) ? `https://${org}.mypurecloud.com` : ""),
    clientId: get("GENESYS_CLIENT_ID") ?? "",
    clientSecret: get("GENESYS_CLIENT_SECRET") ?? "",
    routes: toJson(get("ROUTES")),
    allowedOrigins: toList(get("ALLOWED_ORIGINS")),
    ticketSecrets: toList(get("TICKET_SECRETS")),
    ticketDays: toNumber(get("TICKET_DAYS")),
    oidc: issuer || oidcClientId ? { issuer: issuer ?? "", clientId: oidcClientId ?? "" } : undefined,
    delegation: get("DELEGATION"),
    perMinute: toNumber(get("GENESYS_PER_MINUTE")),
    guestToken: jwksUrl ? { jwksUrl } : guestSecret ? { secret: guestSecret } : undefined,
  };
  const checked = v.safeParse(optionsSchema, given, { abortPipeEarly: true });
  if (!checked.success) wrong.push(...new Set(checked.issues.map((issue) => toLine(issue, get))));

  const port = toNumber(get("PORT")) ?? 8080;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) wrong.push("PORT: expected 0 to 65535");

  if (!checked.success || wrong.length > 0) return { ok: false, line: wrong.join("; ") };
  return { ok: true, settings: { options: checked.output, port, host: get("HOST") ?? "127.0.0.1" } };
}

function toLine(issue: v.BaseIssue<unknown>, get: (name: string) => string | undefined): string {
  const [option = "", ...rest] = (v.getDotPath(issue) ?? "").split(".");
  if (option === "baseUrl" && !get("GENESYS_BASE_URL")) {
    if (get("GENESYS_ORG")) return "GENESYS_ORG: expected the name before .mypurecloud.com";
    return "GENESYS_ORG or GENESYS_BASE_URL: is missing";
  }
  if (option === "guestToken") return `GUEST_TOKEN_JWKS_URL or GUEST_TOKEN_SECRET: ${issue.message}`;
  const variable = VARIABLES[option === "oidc" ? `oidc.${rest[0]}` : option] ?? option;
  if (!get(variable)) return `${variable}: is missing`;
  const where = option === "routes" && rest.length > 0 ? ` (${rest.join(".")})` : "";
  return `${variable}${where}: ${issue.message}`;
}

/** Separated by commas or white space. */
const toList = (text = ""): string[] => text.split(/[\s,]+/).filter((item) => item !== "");

const toNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function toJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
