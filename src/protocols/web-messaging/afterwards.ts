/** Afterwards: what a guest may still ask of a conversation that is over: older messages, links. Its connection has ended, and another is opened for that alone. */
import type { HandlerEvent } from "../../chat/event.ts";
import { Failure } from "../../chat/failure.ts";
import { newestServerId } from "../../chat/reduce.ts";
import { connect, type Live } from "../../session/connect.ts";
import type { Connection, Credentials, Extended, Protocol } from "../../session/protocol.ts";
import type { Dialect } from "./dialect.ts";
import type { Afterwards } from "./extension.ts";
import { createHandler } from "./handler.ts";

/** One connection, shared by all who ask at once: a guest has three at most. */
interface Visit {
  live: Promise<Live>;
  over: AbortController;
  askers: number;
}

const OPEN: HandlerEvent = { type: "live", features: [] };

/** `dialect` is there once `protocol` has authorized. */
export function createAfterwards(
  session: Extended,
  protocol: Pick<Protocol, "authorize">,
  dialect: () => Dialect,
): Afterwards {
  const { attributes, chat, emit, platform, standing } = session;
  let visit: Visit | undefined;

  /** Begins nothing, and keeps nothing: a new conversation may have begun meanwhile. */
  function createVisitor(connection: Connection) {
    const { deployment, lent, ...rest } = dialect();
    const filter = (event: HandlerEvent) => {
      if (event.type === "live" || event.type === "readonly") connection.emit(OPEN);
      else if (TOLD.includes(event.type)) connection.emit(event);
    };
    return createHandler(
      { ...connection, emit: filter },
      { ...rest, deployment: { ...deployment, autoStart: false }, lent: { ...lent, save() {} } },
    );
  }

  function authorize(signal: AbortSignal): Promise<Credentials> {
    const { credentials, skew } = standing();
    if (!credentials) throw new Failure("CHAT_NO_SESSION");
    // Left by a hub that has gone: what they ask for is not asked for now.
    const { startNew: _, clear: __, ...secrets } = credentials.secrets;
    const saved = { ...credentials, secrets };
    return protocol.authorize({ saved, reason: "start", attributes: attributes(), skew }, platform, signal);
  }

  function open(): Visit {
    const over = new AbortController();
    const live = connect({
      protocol: { createHandler: createVisitor },
      platform,
      authorize,
      after: () => newestServerId(chat),
      serverNow: () => platform.clock.now() + standing().skew,
      emit: (event) => event !== OPEN && emit(event),
      signal: over.signal,
    });
    return { live, over, askers: 0 };
  }

  function leave(left: Visit) {
    left.over.abort(new Failure("CHAT_INTERRUPTED"));
    if (visit === left) visit = undefined;
  }

  return {
    async perform(command, signal) {
      visit ??= open();
      const own = visit;
      own.askers += 1;
      try {
        const live = await own.live;
        return await Promise.race([live.perform(command, signal ?? own.over.signal), live.closed]);
      } finally {
        own.askers -= 1;
        if (own.askers === 0) leave(own);
      }
    },
    stop() {
      if (visit) leave(visit);
    },
  };
}

/** The rest is of a conversation that goes on. */
const TOLD: readonly HandlerEvent["type"][] = [
  "earlier",
  "link",
  "received",
  "delivered",
  "cleared",
  "ended",
  "odd",
  "lost",
];
