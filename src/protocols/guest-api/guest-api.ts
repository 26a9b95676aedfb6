/** The guest-api dialect as a Protocol: credentials from the broker, frames over the guest socket. */
import { type AuthorizeRequest, ConnectionFailure, type Credentials, type Protocol } from "../../session/protocol.ts";
import { isFresh } from "../../session/refresh.ts";
import { ATTRIBUTES_BYTES, attributesBytes, largestAttributes, type SessionAnswer } from "../../wire/broker-api.ts";
import { CLOSE } from "../../wire/guest-api.ts";
import { ask, type BrokerCall, createGuestSession, refreshGuestSession } from "./broker-client.ts";
import { closeCodes } from "./close-codes.ts";
import { createHandler } from "./handler.ts";
import { findTokenFault } from "./token.ts";

export interface GuestApiOptions {
  /** Absolute, without a trailing slash. */
  broker: string;
  /** One of the broker's routes; its first when there is none. */
  route?: string;
  /** What the guest is called; the broker's own default when there is none. */
  name?: string;
  /** BCP 47; the browser's when there is none. */
  language?: string;
  /** The origin of the page around a hub frame. */
  embedder?: string;
}

export function createGuestApi({ broker, route, name, language, embedder }: GuestApiOptions): Protocol {
  /** Of the session being created: one key a body until it is there, so that a lost answer makes no second guest. */
  let creating: { key: string; body: string } | null = null;

  return {
    closeCodes,

    findExcess,

    async authorize({ saved, reason, attributes, skew }: AuthorizeRequest, platform, signal) {
      const excess = findExcess(attributes);
      if (excess) throw new ConnectionFailure("CHAT_ATTRIBUTES_TOO_LARGE", excess, { decision: { do: "stop" } });
      const call: BrokerCall = { broker, embedder, platform, signal };
      const serverNow = platform.clock.now() + skew;

      if (saved && reason !== "new-session") {
        const { guestToken = "", ticket = "" } = saved.secrets;
        if (reason === "start" && isFresh(saved, serverNow) && !findTokenFault(guestToken, serverNow)) return saved;
        try {
          // An answer that was lost comes again, be it after its token has run out: its ticket is good for the next refresh.
          return toCredentials(await refreshGuestSession(call, { attributes }, ticket), 0);
        } catch (error) {
          const gone = error instanceof ConnectionFailure && [401, 404].includes(error.circumstances.status ?? 0);
          if (!gone) throw error;
          throw new ConnectionFailure(error.code, error.detail, { decision: closeCodes[CLOSE.sessionGone] });
        }
      }
      const request = { route, name, language: toLanguage(language ?? platform.locale), attributes };
      const body = JSON.stringify(request);
      if (creating?.body !== body) creating = { key: platform.randomId(), body };
      const answer = await createGuestSession(call, request, creating.key);
      creating = null;
      return toCredentials(answer);
    },

    createHandler,

    openErrands: async (platform) => (await import("./errands.ts")).createErrands({ broker, embedder, platform }, ask),
  };
}

/** Some browsers add to BCP 47 what is none of it (`en-US@posix`), or have none (`C`): then it is the route's. */
const toLanguage = (locale: string): string | undefined => locale.match(/^[a-z]{2}[\w-]*/i)?.[0];

function findExcess(attributes: Readonly<Record<string, unknown>>): string | null {
  const bytes = attributesBytes(attributes);
  return bytes > ATTRIBUTES_BYTES ? `${bytes} bytes; largest: ${largestAttributes(attributes).join(", ")}` : null;
}

/** A token that fails is thrown away with the error that names the claim. `aliveAt`: when it must not have run out, in ms. */
function toCredentials(answer: SessionAnswer, aliveAt = answer.now): Credentials {
  const { guestToken, ticket, expiresAt, now, socketUrl } = answer;
  const fault = findTokenFault(guestToken, aliveAt);
  if (fault) throw new ConnectionFailure("CHAT_TOKEN_INVALID", fault, { decision: { do: "stop" } });
  return { url: socketUrl, issuedAt: now, expiresAt, secrets: { guestToken, ticket } };
}
