/** Deliberate mistakes in web messaging's own code: what must not be sent twice, its history, its ends, and what the platform takes. */
import type { Mutation } from "./mutations.ts";

const mutation = (name: string, file: string, find: string, replace: string): Mutation => ({
  name,
  file: `protocols/web-messaging/${file}`,
  find,
  replace,
});

export const WEB_MESSAGING_MUTATIONS: readonly Mutation[] = [
  // What is in doubt.
  mutation("the history is not looked up", "handler.js", ".then((opened) => opened.catchUp())", ".then(() => {})"),
  mutation(
    "what is in doubt is sent again blindly",
    "extension.js",
    'emit({ type: "unconfirmed", id: message.id });',
    ";",
  ),
  mutation(
    "that a text has gone out is not kept",
    "extension.js",
    'store.put("messages", message.id, { ...message, tried: true })',
    "Promise.resolve()",
  ),
  mutation(
    "a text that was refused is taken for one that may have arrived",
    "extension.js",
    'return void store.put("messages", message.id, { ...message, tried: undefined });',
    "return;",
  ),
  mutation(
    "an echo is matched by its text",
    "incoming.js",
    'emit({ type: "delivered", id, serverId',
    'globalThis.echoes ??= new Map(); if (!globalThis.echoes.has(text)) globalThis.echoes.set(text, id);\n            emit({ type: "delivered", id: globalThis.echoes.get(text), serverId',
  ),
  mutation("a text in doubt is not sought by its words", "history.js", "came.text === sent.text &&", "false &&"),
  mutation(
    "what is older than the newest is not sought",
    "history.js",
    "toFresh(entities, toHeld(all()))",
    "toFresh(entities.slice(0, entities.findIndex((entity) => isKnownAs(entity, after)) >>> 0), toHeld(all()))",
  ),
  mutation(
    "what is in the history by its own ids is shown beside ours",
    "history.js",
    "held.has(id) || held.has(messageId)",
    "false",
  ),
  // The gap.
  mutation("one page of the history is enough", "history.js", 'if (after !== "" && !isLast && ', "if (false && "),
  mutation(
    "a gap is forgotten with its connection",
    "history.js",
    "since: after = connection.after",
    "_: after = connection.after",
  ),
  mutation(
    "a page that cannot be had is not asked for again",
    "history.js",
    "if (signal.aborted || failures === attempts)",
    "if (true)",
  ),
  mutation("messages have the time of their arrival", "messages.js", "sentAt: time ?? now", "sentAt: now"),
  // What the platform takes.
  mutation("texts are not paced", "live.js", "{ count: 2, ms: 1_100 }", "{ count: 20, ms: 1_100 }"),
  mutation(
    "the requests of a minute are not counted",
    "live.js",
    "{ count: 50, ms: 62_000 }",
    "{ count: 500, ms: 62_000 }",
  ),
  mutation(
    "signs of life are not counted",
    "handler.js",
    "if (time - (spent.echoedAt ?? -ECHO_MS) < ECHO_MS)",
    "if (false)",
  ),
  mutation("a refusal's pause is not heeded", "refusals.js", "clampPause(retryAfter * 1000)", "0"),
  mutation(
    "a connection that was one too many is tried again at once",
    "refusals.js",
    'return { ...lose({ do: "retry" }, "CHAT_UNAVAILABLE", detail), retryAfter: toWait(refusal) };',
    'return lose({ do: "retry" }, "CHAT_UNAVAILABLE", detail);',
  ),
  // Ends.
  mutation(
    "a clear is not spread",
    "handler.js",
    'return emit({ type: "cleared", epoch: platform.randomId() });',
    "return;",
  ),
  mutation("a clear leaves the epoch on disk", "extension.js", "keep({ epoch: event.epoch, seen", "keep({ seen"),
  mutation(
    "two devices take the connection from each other",
    "handler.js",
    'decision: { do: "stop" }, error: { code: "CHAT_MOVED" }',
    'decision: { do: "retry" }',
  ),
  mutation(
    "nothing is taken over",
    "extension.js",
    'case "take-over":\n                    return loop.start("start");',
    'case "take-over":\n                    return;',
  ),
  mutation(
    "a conversation that was over before is shown as live",
    "handler.js",
    'if (readOnly)\n            emit({ type: "readonly", sentAt: now() });\n        else\n            goLive();',
    "goLive();",
  ),
  mutation(
    "another guest comes with each hub",
    "web-messaging.js",
    "const isSame = secrets.token !== undefined &&",
    "const isSame = dialect !== undefined && secrets.token !== undefined &&",
  ),
];
