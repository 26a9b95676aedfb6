/** History: what was said while no connection was there, and before what is held (reference, section 4.5). Fetched when it is needed. */
import { Failure } from "../../chat/failure.ts";
import type { Message } from "../../chat/message.ts";
import type { Connection } from "../../session/protocol.ts";
import { readMessage, type StructuredMessage, toFields, toList, toNumber } from "../../wire/web-messaging/answers.ts";
import type { Budget } from "./budget.ts";
import type { Incoming } from "./incoming.ts";
import type { Line } from "./line.ts";

const PAGE_SIZE = 25;
/** A JWT with less life than this may be over when it arrives. */
const JWT_MARGIN_MS = 5_000;
const FETCH_MS = 10_000;
/** Between two attempts at the same page. */
const PAUSE_MS = 1_000;
const ATTEMPTS = 5;
/** Load-earlier looks through so many pages of what is there already. */
const PAGES_MOST = 8;

export interface HistoryRequest {
  connection: Connection;
  line: Line;
  incoming: Incoming;
  /** Origin of REST. */
  api: string;
  budget: Budget;
  /** Went out before and has no echo. */
  doubtful: Message | undefined;
}

export interface History {
  /** Tells of all that came after the newest message held. Rejects with a Failure. */
  catchUp(): Promise<void>;
  /** Tells of a page that is older than what is held. Rejects with a Failure. */
  loadEarlier(held: ReadonlySet<string>, signal: AbortSignal): Promise<void>;
}

interface Page {
  /** Newest first. */
  entities: StructuredMessage[];
  isLast: boolean;
}

export function createHistory({ connection, line, incoming, api, budget, doubtful }: HistoryRequest): History {
  const { after, emit, platform, signal } = connection;
  const { clock } = platform;
  let jwt: { text: string; goodUntil: number } | undefined;

  async function getJwt(): Promise<string> {
    if (jwt && jwt.goodUntil > connection.now() + JWT_MARGIN_MS) return jwt.text;
    const answer = await line.ask("getJwt");
    if (answer.class !== "JwtResponse") throw new Failure("CHAT_UNAVAILABLE", "no JWT for the history");
    // Without an end of its own it is good for about a minute; not to be used twice is safe.
    jwt = { text: answer.body.jwt, goodUntil: answer.body.exp ?? 0 };
    return jwt.text;
  }

  async function fetchPage(pageNumber: number): Promise<Page> {
    const token = await getJwt();
    await budget.take(signal);
    const attempt = new AbortController();
    const giveUp = () => attempt.abort();
    const cancel = clock.after(FETCH_MS, giveUp);
    signal.addEventListener("abort", giveUp);
    try {
      const url = `${api}/api/v2/webmessaging/messages?pageNumber=${pageNumber}&pageSize=${PAGE_SIZE}`;
      const response = await platform.fetch(url, {
        headers: { Authorization: `bearer ${token}` },
        credentials: "omit",
        redirect: "error",
        signal: attempt.signal,
      });
      if (!response.ok) {
        jwt = undefined;
        throw new Failure("CHAT_UNAVAILABLE", `history: ${response.status}`);
      }
      return toPage(JSON.parse(await response.text()), pageNumber);
    } catch (error) {
      throw error instanceof Failure ? error : new Failure("CHAT_UNAVAILABLE", "history: no answer");
    } finally {
      cancel();
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** A moment's failure is tried again: the gap would stay until the next connection. */
  async function getPage(pageNumber: number): Promise<Page> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await fetchPage(pageNumber);
      } catch (error) {
        if (signal.aborted || failures === ATTEMPTS) throw error;
        await new Promise<void>((resolve) => void clock.after(PAUSE_MS * failures, resolve));
      }
    }
  }

  /** Oldest first. What nobody can show is left out. */
  function tell(entities: readonly StructuredMessage[]) {
    for (const entity of [...entities].reverse()) {
      const message = incoming.toMessage(entity);
      if (message) emit({ type: "received", message });
    }
  }

  /** The guest's message of which nobody knew whether it has arrived: by its id, else by what it says among what is new. */
  function resolveDoubt(missed: readonly StructuredMessage[]): StructuredMessage | undefined {
    if (!doubtful) return undefined;
    const guests = missed
      .filter(({ inbound }) => inbound)
      .map((entity) => ({ entity, message: incoming.toMessage(entity) }));
    const isSame = ({ message }: (typeof guests)[number]) => message && !message.id && message.text === doubtful.text;
    const found = guests.find(({ message }) => message?.id === doubtful.id) ?? guests.find(isSame);
    if (!found?.message) return undefined;
    const { serverId = doubtful.id, alias, sentAt, attachments } = found.message;
    emit({ type: "delivered", id: doubtful.id, serverId, alias, sentAt, attachments });
    return found.entity;
  }

  return {
    async catchUp() {
      const missed: StructuredMessage[] = [];
      for (let pageNumber = 1; ; pageNumber += 1) {
        const { entities, isLast } = await getPage(pageNumber);
        const at = after === null ? -1 : entities.findIndex((entity) => isKnownAs(entity, after));
        const fresh = at < 0 ? entities : entities.slice(0, at);
        missed.push(...fresh);
        const found = resolveDoubt(fresh);
        if (after === null) {
          const messages = [...entities].reverse().filter((entity) => entity !== found);
          return emit({
            type: "earlier",
            messages: messages.flatMap((each) => incoming.toMessage(each) ?? []),
            more: !isLast,
          });
        }
        if (at < 0 && !isLast) continue;
        // Stragglers older than the newest held are on the same page; the chat knows what it has.
        if (at >= 0) missed.push(...entities.slice(at));
        return tell(missed);
      }
    },

    async loadEarlier(held, asked) {
      const isHeld = (entity: StructuredMessage) => held.has(entity.id) || held.has(entity.messageId ?? "");
      const from = Math.floor(held.size / PAGE_SIZE) + 1;
      for (let pageNumber = from; ; pageNumber += 1) {
        asked.throwIfAborted();
        const { entities, isLast } = await getPage(pageNumber);
        const messages = entities
          .toReversed()
          .filter((entity) => !isHeld(entity))
          .flatMap((entity) => incoming.toMessage(entity) ?? []);
        // A page that brings nothing new is no end: while we read, new messages push the old ones down.
        if (messages.length === 0 && !isLast && pageNumber < from + PAGES_MOST) continue;
        return emit({ type: "earlier", messages, more: !isLast });
      }
    },
  };
}

const isKnownAs = ({ id, messageId }: StructuredMessage, known: string): boolean => id === known || messageId === known;

function toPage(json: unknown, pageNumber: number): Page {
  const { entities, pageCount } = toFields(json);
  const list = toList(entities).map((entity) => readMessage(toFields(entity)));
  const pages = toNumber(pageCount) ?? (list.length < PAGE_SIZE ? pageNumber : Number.POSITIVE_INFINITY);
  return { entities: list, isLast: list.length === 0 || pageNumber >= pages };
}
