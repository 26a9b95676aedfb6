/** What is looked at while a story goes on: sockets, attempts, pauses, echoes and refreshes, by the clock of the guest's machine. */
import type { Device } from "./device.ts";
import type { Dialect, Errand, Frame } from "./dialect.ts";
import { createRatesWatch, type RatesWatch } from "./rates-watch.ts";

export interface LinkWatch {
  sent(frame: Frame): void;
  received(frame: Frame): void;
  /** The hub has left it, and says why. */
  left(reason: string): void;
  /** It was told of its close. */
  closedBy(code: number): void;
  /** From now on nothing crosses, and nobody is told. */
  silent(): void;
}

export interface Watch {
  opened(hub: number): LinkWatch;
  /** A call that the conversation waits for; call what it returns when it has ended. */
  called(hub: number, errand: Errand, ticket: string): (ok: boolean) => void;
  /** A page of history tells that these have arrived. */
  found(hub: number, ids: readonly (string | undefined)[]): void;
  /** The server sheds load, and asks for so many ms. */
  refused(hub: number, retryAfter?: number, errand?: Errand): void;
  woken(): void;
  /** The machine has slept: what could not be noticed meanwhile is noticed from now on. */
  awoke(ms: number): void;
  /** It stands still, and another hub will lead in its place: what it does from now on, it does not know better. */
  deposed(hub: number): void;
  /** A hub has begun, or the guest has asked to try again: the count of pauses begins anew. */
  began(): void;
  /** Looks at what only time tells. */
  tick(): void;
  break(what: string): void;
  /** It has sent this text itself: if its echo is lost, it asks for it. */
  hasSent(hub: number, id: string | undefined): boolean;
  /** Ids of texts that went out and were not refused: whether they have arrived, their hub may not know. */
  readonly tried: ReadonlySet<string>;
  /** Of which it was told that they have not been taken, and that were not sent since. */
  readonly putOff: ReadonlySet<string>;
  /** There are two sockets, for a moment: one is to take the place of the other. */
  readonly isSharing: boolean;
  /** The first guarantee that was broken. */
  readonly broken: string | null;
}

/** G6: full jitter from 0.5 to 30 s makes eight attempts in half a minute; so many are a storm. */
const STORM = 24;
const STORM_MS = 30_000;
/** G5, and what a close may be late. */
const SHARED_MS = 16_000;
/** G7, and what a timer may be late. */
const IDLE_MS = 45_000;
const ANSWER_MS = 10_500;
/** G6: what a server that sheds load is given where it asks for nothing. */
const LOAD_MS = 10_000;
const LONGEST_MS = 900_000;
/** A connection that has lived so long has had the time for it. */
const RENEWAL_MS = 3_000;
/** So often it looks at its clocks, and what a timer may be late. */
const LOOK_MS = 5_500;
/** After less than that the clocks need not tell. */
const TOLD_BY_CLOCKS_MS = 12_000;
const LOAD_CODES = [1001, 1012, 1013];

/** What a hub has had, on whichever link. */
interface Had {
  /** Messages of this session. */
  ids: Set<string>;
  newest: number;
  /** No text before it: the server has taken enough. */
  textsFrom: number;
  /** Tokens that were refused: it gets another before it shows one. */
  refused: Set<string | undefined>;
  /** Tickets for which it has got others. */
  used: Set<string>;
  rates: RatesWatch;
  /** Texts that it has sent. */
  sent: Set<string>;
}

interface Watched {
  hub: number;
  /** Its conversation was emptied: the close that follows is no other device's. */
  cleared?: true;
  token?: string;
  liveAt?: number;
  silentAt?: number;
  /** Another one is there beside it. */
  sharedSince?: number;
  /** The hub was told to look at it. */
  askedAt?: number;
  /** When each message without an echo was sent. */
  sent: Map<string, number>;
}

export interface WatchRequest {
  device: Device;
  /** No fault keeps a token from being renewed in time. */
  calm: boolean;
  dialect: Dialect;
  /** What is about to be sent is not held up by a slow disk until the server wants no more. */
  keepsPauses: boolean;
}

export function createWatch({ device: { clock }, calm, dialect, keepsPauses }: WatchRequest): Watch {
  const now = () => clock.monotonic();
  const open = new Set<Watched>();
  const attempts: number[] = [];
  const calling = new Set<number>();
  /** Before it no attempt of that hub is allowed. */
  const notBefore = new Map<number, number>();
  const deposed = new Set<number>();
  /** Their connection is another device's. */
  const moved = new Set<number>();
  const hubs = new Map<number, Had>();
  const tried = new Set<string>();
  const putOff = new Set<string>();
  let allowance = 0;
  let isConfigured = false;
  let broken: string | null = null;

  function had(hub: number): Had {
    const known = hubs.get(hub) ?? {
      ids: new Set(),
      newest: 0,
      textsFrom: 0,
      refused: new Set<string | undefined>(),
      used: new Set<string>(),
      rates: createRatesWatch(now, (what) => watch.break(what)),
      sent: new Set<string>(),
    };
    hubs.set(hub, known);
    return known;
  }

  /** G4: a replay begins after the newest that the hub has; where two have one time, it may have either. */
  function hear(link: Watched, { id, sentAt = "" }: NonNullable<Frame["payload"]>) {
    if (id === undefined) return;
    const { ids, newest } = had(link.hub);
    const at = Date.parse(sentAt);
    if (link.liveAt === undefined && open.size === 1 && ids.has(id) && at < newest)
      watch.break("G4: it asks again for what it has");
    ids.add(id);
    had(link.hub).newest = Math.max(newest, at);
  }

  function attempt(hub: number) {
    if (deposed.has(hub)) return;
    while (attempts.length > 0 && (attempts[0] as number) < now() - STORM_MS) attempts.shift();
    attempts.push(now());
    if (moved.has(hub)) watch.break("G6: an attempt to take back what another device has taken");
    if (attempts.length > STORM + allowance) watch.break(`G6: ${attempts.length} attempts in ${STORM_MS / 1000} s`);
    const early = (notBefore.get(hub) ?? 0) - now();
    if (early > 1) watch.break(`G6: an attempt ${Math.round(early)} ms before the server wants one`);
  }

  /** A refresh that was put off, the loop asks for when its connection is lost: it has a pause of its own. */
  function lose(link: Watched): boolean {
    const wasOpen = open.delete(link);
    for (const other of open) other.sharedSince = undefined;
    if (wasOpen && link.liveAt !== undefined) notBefore.delete(link.hub);
    return wasOpen;
  }

  const watch: Watch = {
    hasSent: (hub, id) => hubs.get(hub)?.sent.has(id ?? "") ?? false,
    tried,
    putOff,
    get isSharing() {
      return open.size === 2;
    },
    get broken() {
      return broken;
    },
    break(what) {
      broken ??= what;
    },
    opened(hub) {
      attempt(hub);
      const link: Watched = { hub, sent: new Map() };
      if (!deposed.has(hub)) {
        // During a refresh the next connection is brought up beside the one in use.
        const [old] = open;
        const mayShare = dialect.idempotent && open.size === 1 && old?.hub === hub && old.liveAt !== undefined;
        if (old && !mayShare) watch.break("G5: a second socket");
        if (old) old.sharedSince = now();
        open.add(link);
      }
      return {
        sent({ type, payload, token }) {
          if (!dialect.tellsLimits && !deposed.has(hub)) had(hub).rates.sent(link, type);
          if (type === "handshake") {
            link.token = token;
            if (had(hub).refused.has(token) && open.has(link))
              watch.break("G8: a token that was refused is shown again");
          }
          if (type !== "message" || !payload?.id || deposed.has(hub)) return;
          if (now() < had(hub).textsFrom - 1 && keepsPauses)
            watch.break("G6: a text is sent before the server wants one");
          if (link.sent.has(payload.id)) watch.break("G2: a text is sent twice on one connection");
          link.sent.set(payload.id, now());
          tried.add(payload.id);
          had(hub).sent.add(payload.id);
          putOff.delete(payload.id);
          if (link.sent.size > 1) watch.break("G3: two texts are in flight at once");
        },
        received({ type, payload }) {
          if (!open.has(link)) return;
          if (type === "message") hear(link, payload ?? {});
          if (type === "resumed") link.liveAt ??= now();
          if (payload?.code === "rate_limited") {
            had(hub).textsFrom = now() + (payload.retryAfter ?? 0) * 1000;
            const refused = payload.inReplyTo ?? "";
            if (tried.delete(refused)) putOff.add(refused);
          }
          // Another device has it now: only the guest takes it back.
          if (type === "moved" && !link.cleared) moved.add(hub);
          if (type === "cleared") link.cleared = true;
          if (["invalid_token", "token_expired"].includes(payload?.code ?? "")) had(hub).refused.add(link.token);
          const hasExpired = type === "error" && payload?.code === "token_expired";
          if (hasExpired && calm && now() - (link.liveAt ?? now()) > RENEWAL_MS) watch.break("G8: a token has run out");
          const id = type === "message" ? payload?.clientId : payload?.inReplyTo;
          // The one that is to take its place may hear of it first.
          if (id) for (const each of open) if (each.hub === hub) each.sent.delete(id);
        },
        left(reason) {
          if (lose(link) && reason === "no echo" && link.sent.size === 0) {
            watch.break("G1: a text that the server has put off is not sent again, and the link is left for it");
          }
        },
        closedBy(code) {
          if (!lose(link)) return;
          if (LOAD_CODES.includes(code) || code === dialect.closes?.tooMany) watch.refused(hub);
          if (code === dialect.closes?.tokenRefused) had(hub).refused.add(link.token);
        },
        silent() {
          link.silentAt ??= now();
        },
      };
    },
    called(hub, errand, ticket) {
      if (deposed.has(hub)) return () => {};
      if (errand === "history") {
        had(hub).rates.asked();
        return () => {};
      }
      if (errand !== "profile") attempt(hub);
      if (calling.has(hub)) watch.break("G8: two calls for credentials at once");
      if (ticket && had(hub).used.has(ticket)) watch.break("G8: a ticket is shown that another has taken the place of");
      calling.add(hub);
      return (ok) => {
        calling.delete(hub);
        if (!ok) return;
        if (errand === "configuration") isConfigured = true;
        else if (ticket) had(hub).used.add(ticket);
        else hubs.delete(hub);
      };
    },
    found(hub, ids) {
      for (const link of open) if (link.hub === hub) for (const id of ids) link.sent.delete(id ?? "");
    },
    refused(hub, retryAfter = LOAD_MS, errand = "credentials") {
      // What was known of the deployment before does as well.
      if (errand === "configuration" ? isConfigured : errand !== "credentials") return;
      notBefore.set(hub, now() + Math.min(LONGEST_MS, retryAfter));
    },
    woken() {
      allowance += 2;
      for (const link of open) {
        // Nothing is asked while it waits for what was missed.
        const waits = now() - (link.liveAt ?? 0) < dialect.patienceMs ? dialect.patienceMs : 0;
        if (link.silentAt !== undefined) link.askedAt ??= now() + waits;
      }
    },
    began() {
      allowance += 2;
      moved.clear();
      // Who tries again after a stop begins with what is kept.
      for (const { refused } of hubs.values()) refused.clear();
      notBefore.clear();
    },
    deposed(hub) {
      deposed.add(hub);
      calling.delete(hub);
      for (const link of open) if (link.hub === hub) open.delete(link);
    },
    awoke(ms) {
      watch.began();
      for (const link of open) {
        if (link.silentAt !== undefined) link.silentAt = now();
        if (link.askedAt !== undefined) link.askedAt = now();
        // Whether it is told or not: its clocks tell.
        const isDead = link.silentAt !== undefined && now() - (link.liveAt ?? now()) > dialect.patienceMs;
        if (isDead && ms > TOLD_BY_CLOCKS_MS) link.askedAt ??= now() + LOOK_MS;
        for (const id of link.sent.keys()) link.sent.set(id, now());
      }
    },
    tick() {
      for (const { silentAt, askedAt, sent, sharedSince } of open) {
        if (sharedSince !== undefined && now() - sharedSince > SHARED_MS) watch.break("G5: two sockets for 15 s");
        if (silentAt !== undefined && now() - silentAt > IDLE_MS) watch.break("G7: a dead link was kept for 45 s");
        if (askedAt !== undefined && now() - askedAt > ANSWER_MS) watch.break("G7: a dead link was kept after a wake");
        for (const at of sent.values()) {
          if (now() - at > ANSWER_MS) watch.break("G7: a link without an echo was kept for 10 s");
        }
      }
    },
  };
  return watch;
}
