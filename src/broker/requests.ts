/** What a page may send: bodies within 16 KB, in the shape of the wire's requests, and the bearer ticket. */
import * as v from "valibot";
import { BODY_BYTES, type RefreshRequest, type SessionRequest } from "../wire/broker-api.ts";
import {
  EMAIL_MAX,
  ID_TOKEN_MAX,
  NONCE_MAX,
  PROVIDER_MAX,
  type ProfileRequest,
  type VouchedProfile,
} from "../wire/profile.ts";
import { readCapped } from "./capped.ts";
import { hasHidden, isEmail } from "./person.ts";
import { Refusal } from "./problem.ts";

/** The outer shape of BCP 47 (RFC 5646, section 2.1). */
const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$/;

/** valibot takes an array for an object. */
const isPlain = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
export const plain = v.custom<Record<string, unknown>>(isPlain, "expected an object");

const attributes = v.optional(v.pipe(plain, v.record(v.string(), v.unknown())));

export const sessionSchema: v.GenericSchema<unknown, SessionRequest> = v.pipe(
  plain,
  v.object({
    route: v.optional(v.pipe(v.string("expected text"), v.maxLength(128, "expected at most 128 characters"))),
    name: v.optional(
      v.pipe(
        v.string("expected text"),
        v.trim(),
        v.maxLength(256, "expected at most 256 characters"),
        v.check((name) => !hasHidden(name), "expected no control characters"),
      ),
    ),
    language: v.optional(v.pipe(v.string("expected text"), v.regex(LANGUAGE, "expected a language tag (BCP 47)"))),
    attributes,
  }),
);

export const refreshSchema: v.GenericSchema<unknown, RefreshRequest> = v.pipe(plain, v.object({ attributes }));

const textOf = (most: number) => {
  const expected = `expected 1 to ${most} characters`;
  return v.pipe(v.optional(v.string(expected), ""), v.minLength(1, expected), v.maxLength(most, expected));
};

const idTokenSchema: v.GenericSchema<unknown, ProfileRequest> = v.pipe(
  plain,
  v.check((body) => !("code" in body), "expected idToken and nonce; codes are not exchanged by this broker"),
  v.object({ idToken: textOf(ID_TOKEN_MAX), nonce: textOf(NONCE_MAX) }),
);

const vouchedSchema: v.GenericSchema<unknown, VouchedProfile> = v.pipe(
  plain,
  v.object({
    providerId: v.pipe(
      textOf(PROVIDER_MAX),
      v.check((id) => !hasHidden(id), "expected no control characters"),
    ),
    email: v.pipe(
      textOf(EMAIL_MAX),
      v.check((email) => isEmail(email), "expected an e-mail address"),
    ),
  }),
);

/** Only a caller that is trusted may name the guest itself. */
export const toProfileSchema = (trustCaller: boolean): v.GenericSchema<unknown, ProfileRequest | VouchedProfile> =>
  v.lazy((body) =>
    trustCaller && typeof body === "object" && body !== null && "providerId" in body ? vouchedSchema : idTokenSchema,
  );

/** Reads and checks a body; an empty one counts as `{}`. Rejects with `body_too_large` or `invalid_request`. */
export async function readBody<T>(request: Request, schema: v.GenericSchema<unknown, T>): Promise<T> {
  const text = await readText(request);
  const isJson = /^application\/json\s*(;|$)/i.test(request.headers.get("Content-Type") ?? "");
  if (text !== "" && !isJson) throw new Refusal("invalid_request", "Content-Type: expected application/json.");
  const result = v.safeParse(schema, parse(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Refusal("invalid_request", `${toField(issue)}: ${issue.message}.`);
}

/** The bearer of the Authorization header (RFC 6750, section 2.1). */
export function toBearer(request: Request): string {
  const header = request.headers.get("Authorization");
  if (header === null) throw new Refusal("ticket_missing");
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw new Refusal("ticket_invalid");
  return token;
}

/** The Idempotency-Key header, if any: 1 to 255 visible ASCII characters. */
export function toIdempotencyKey(request: Request): string | undefined {
  const key = request.headers.get("Idempotency-Key");
  if (key === null) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Refusal("invalid_request", "Idempotency-Key: expected 1 to 255 visible characters.");
  }
  return key;
}

async function readText(request: Request): Promise<string> {
  const bytes = await readCapped(request.body, BODY_BYTES);
  if (!bytes) throw new Refusal("body_too_large", `At most ${BODY_BYTES} bytes are taken.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal("invalid_request", "The body is not UTF-8.");
  }
}

function parse(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("invalid_request", "The body is not JSON.");
  }
}

/** Only the first step of a path: below `attributes`, keys are the page's. */
const toField = (issue: v.BaseIssue<unknown>): string => String(issue.path?.[0]?.key ?? "body");
