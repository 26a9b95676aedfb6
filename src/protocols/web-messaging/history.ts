/** History: what was said while no connection was there, and before what is held (reference, section 4.5). Fetched when it is needed. */
import type { IncomingMessage } from "../../chat/event.ts";
import { Failure } from "../../chat/failure.ts";
import type { Message } from "../../chat/message.ts";
import { type Connection, ConnectionFailure } from "../../session/protocol.ts";
import { toRetryAfter } from "../../session/retry-after.ts";
import { readMessage, type StructuredMessage, toFields, toList, toNumber } from "../../wire/web-messaging/answers.ts";
import { createBudget } from "./budget.ts";
import type { Spent } from "./dialect.ts";
import type { Lent } from "./extension.ts";
import type { Incoming } from "./incoming.ts";
import type { Line } from "./line.ts";
import { fetchReader, isReadable } from "./messages.ts";

const PAGE_SIZE = 25;
/** A JWT with less life than this may be over when it arrives. */
const JWT_MARGIN_MS = 5_000;
const PAGES_MOST_A_MINUTE = 10;
/** A minute, and what a JWT may take before the request goes out. */
const MINUTE_MS = 66_000;
const FETCH_MS = 10_000;
/** Between two attempts at the same page, and longer each time. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Of a page that the guest waits for. What was missed is asked for as long as the connection lives. */
const ATTEMPTS = 5;
/** Load-earlier looks through so many pages of what is there already. */
const PAGES_MOST = 8;

export interface HistoryRequest {
  connection: Connection;
  line: Line;
  incoming: Incoming;
  /** Origin of REST. */
  api: string;
  spent: Spent;
  lent: Pick<Lent, "chat" | "doubtful" | "emit">;
  /** As it was before the first connection that has not caught up. */
  gap(): Gap;
  /** Nothing is missing any more. */
  onCaughtUp(): void;
}

export interface Gap {
  /** Id of the newest message that was there; "" is the beginning. */
  since?: string;
  /** Id of the text that was in doubt. */
  sought?: string;
}

export interface History {
  /** Tells of all that came after the newest message held. Rejects with a Failure. */
  catchUp(): Promise<void>;
  /** Tells of a page that is older than what is held. Rejects with a Failure. */
  loadEarlier(signal: AbortSignal): Promise<void>;
}

interface Page {
  /** Newest first. */
  entities: StructuredMessage[];
  isLast: boolean;
}

export function createHistory(request: HistoryRequest): History {
  const { connection, line, incoming, api, spent, lent, gap, onCaughtUp } = request;
  const { emit, platform, signal } = connection;
  const { clock } = platform;
  spent.history ??= createBudget(clock, PAGES_MOST_A_MINUTE, MINUTE_MS);
  const budget = spent.history;
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
    await budget.take(signal);
    const token = await getJwt();
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
        const retryAfter = toRetryAfter(response.headers.get("Retry-After"), clock.now());
        throw new ConnectionFailure("CHAT_UNAVAILABLE", `history: ${response.status}`, { retryAfter });
      }
      const page = toPage(JSON.parse(await response.text()), pageNumber);
      if (!page.entities.every(isReadable)) await fetchReader();
      return page;
    } catch (error) {
      throw error instanceof Failure ? error : new Failure("CHAT_UNAVAILABLE", "history: no answer");
    } finally {
      cancel();
      signal.removeEventListener("abort", giveUp);
    }
  }

  async function getPage(pageNumber: number, attempts: number): Promise<Page> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await fetchPage(pageNumber);
      } catch (error) {
        if (signal.aborted || failures === attempts) throw error;
        const { retryAfter = 0 } = error instanceof ConnectionFailure ? error.circumstances : {};
        const ms = Math.max(Number(retryAfter), Math.min(PAUSE_MS * failures, LONGEST_PAUSE_MS));
        await new Promise<void>((resolve) => void clock.after(ms, resolve));
      }
    }
  }

  /** Oldest first. What nobody can show is left out. */
  const toShown = (entities: readonly StructuredMessage[]): IncomingMessage[] =>
    entities.toReversed().flatMap((entity) => incoming.toMessage(entity) ?? []);

  function tell(entities: readonly StructuredMessage[]) {
    for (const message of toShown(entities)) emit({ type: "received", message });
  }

  const all = () => [...lent.chat.messages.values()];

  /** It may have been given up meanwhile. */
  const isUnsent = (id: string) => lent.chat.messages.get(id)?.delivery !== "sent";

  /** What Genesys knows of this conversation: above the last divider is another, most likely. */
  function countKnown(): number {
    const divider = Math.max(...all().map(({ happened, sentAt }) => (happened === "new-conversation" ? sentAt : 0)));
    return all().filter(({ sentAt, serverId }) => sentAt > divider && serverId !== undefined).length;
  }

  /** By Genesys' ids. */
  const toHeld = (messages: readonly Message[]): Set<string> =>
    new Set(messages.flatMap(({ serverId, alias }) => [serverId, alias]).filter((id) => id !== undefined));

  const isIn = ({ id, messageId = id }: StructuredMessage, held: ReadonlySet<string>): boolean =>
    held.has(id) || held.has(messageId);

  const toFresh = (entities: readonly StructuredMessage[], held: ReadonlySet<string>): StructuredMessage[] =>
    entities.filter((entity) => !isIn(entity, held));

  /**
   * Of what nobody has here, newest first, those that were not the guest's in doubt; of the others it is told that they have
   * arrived. A history may not tell our ids: then their words have to do, of what is on its way before what was given up.
   */
  function resolveDoubts(fresh: readonly StructuredMessage[]): StructuredMessage[] {
    const onItsWay = lent.doubtful();
    const givenUp = all().filter(({ delivery }) => delivery === "unconfirmed");
    const doubtful = new Set([...(onItsWay ? [onItsWay] : []), ...givenUp]);

    function resolve(entity: StructuredMessage): boolean {
      const came = incoming.toMessage(entity);
      if (came?.from !== "guest") return false;
      const sent = [...doubtful].find(({ id }) => id === came.id) ?? [...doubtful].find((each) => isSame(came, each));
      if (!sent) return false;
      doubtful.delete(sent);
      const { serverId = sent.id, alias, sentAt, attachments } = came;
      emit({ type: "delivered", id: sent.id, serverId, alias, sentAt, attachments });
      return true;
    }
    // Oldest first, as they were sent.
    const rest = fresh.toReversed().filter((entity) => !resolve(entity));
    return rest.toReversed();
  }

  /** A hub that found no disk had from the history, by Genesys' ids, what the disk has by ours: the next one has both. */
  function forgetTwins() {
    const messages = all();
    const own = new Set(messages.flatMap(({ delivery, serverId }) => (delivery && serverId ? [serverId] : [])));
    for (const { id, delivery, serverId = "" } of messages)
      if (!delivery && own.has(serverId)) lent.emit({ type: "cancelled", id });
  }

  async function getEarlier(asked: AbortSignal): Promise<void> {
    const held = toHeld(all());
    const from = Math.floor(countKnown() / PAGE_SIZE) + 1;
    for (let pageNumber = from; ; pageNumber += 1) {
      asked.throwIfAborted();
      const { entities, isLast } = await getPage(pageNumber, ATTEMPTS);
      const messages = toShown(resolveDoubts(toFresh(entities, held)));
      // A page that brings nothing new is no end: while we read, new messages push the old ones down.
      if (messages.length === 0 && !isLast && pageNumber < from + PAGES_MOST) continue;
      return emit({ type: "earlier", messages, more: !isLast });
    }
  }

  let last: Promise<unknown> = Promise.resolve();

  return {
    async catchUp() {
      forgetTwins();
      const { since: after = connection.after ?? "", sought = lent.doubtful()?.id ?? "" } = gap();
      const missed: StructuredMessage[] = [];
      const inDoubt = lent.chat.messages.get(sought);
      // Own ids are in the order typed; other devices may make theirs by chance.
      const isBefore = ({ id, sentAt }: Message) => id < sought && sentAt < (inDoubt?.sentAt ?? 0);
      const before = toHeld(all().filter(isBefore));
      let pagesMost = Number.POSITIVE_INFINITY;
      for (let pageNumber = 1; ; pageNumber += 1) {
        const { entities, isLast } = await getPage(pageNumber, Number.POSITIVE_INFINITY);
        // While it was on its way, the talk has gone on. Stragglers older than the newest held are on the same page.
        missed.push(...resolveDoubts(toFresh(entities, toHeld(all()))));
        if (entities.some((entity) => isKnownAs(entity, after)))
          pagesMost = Math.min(pagesMost, pageNumber + PAGES_MOST);
        // What is in doubt is newer than the last own text that was not, but others may have written much since.
        const hasOwn = entities.some((entity) => entity.inbound && isIn(entity, before));
        const isSought = inDoubt && isUnsent(sought) && !hasOwn;
        if (after !== "" && !isLast && pageNumber < (isSought ? pagesMost : pagesMost - PAGES_MOST)) continue;
        if (after !== "") tell(missed);
        else emit({ type: "earlier", messages: toShown(missed), more: !isLast });
        return onCaughtUp();
      }
    },

    /** One at a time: each begins where the one before has ended. */
    loadEarlier(asked) {
      const turn = last.then(() => getEarlier(asked));
      last = turn.catch(() => {});
      return turn;
    },
  };
}

const isSame = (came: IncomingMessage, sent: Message): boolean =>
  came.id === undefined && came.text === sent.text && came.attachments?.[0]?.id === sent.attachments?.[0]?.id;

const isKnownAs = ({ id, messageId }: StructuredMessage, known: string): boolean => id === known || messageId === known;

function toPage(json: unknown, pageNumber: number): Page {
  const { entities, pageCount } = toFields(json);
  const list = toList(entities).map((entity) => readMessage(toFields(entity)));
  const pages = toNumber(pageCount) ?? (list.length < PAGE_SIZE ? pageNumber : Number.POSITIVE_INFINITY);
  return { entities: list, isLast: list.length === 0 || pageNumber >= pages };
}
