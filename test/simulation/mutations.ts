/** Deliberate mistakes: each a text of a built file and what takes its place. Whatever makes them, the stories have to notice. */

import { WEB_MESSAGING_MUTATIONS } from "./mutations-web-messaging.ts";

export interface Mutation {
  name: string;
  /** Below `build/src`. */
  file: string;
  find: string;
  replace: string;
}

const mutation = (name: string, file: string, find: string, replace: string): Mutation => ({
  name,
  file,
  find,
  replace,
});

export const MUTATIONS: readonly Mutation[] = [
  ...WEB_MESSAGING_MUTATIONS,
  // The outbox.
  mutation(
    "what is in doubt is never sent again",
    "session/outbox.js",
    "attach(newCarrier) {\n            land();",
    "attach(newCarrier) {",
  ),
  mutation("no echo is waited for", "session/outbox.js", "cancelEcho = clock.after(ECHO_MS, carrier.doubt);", ""),
  mutation(
    "an echo is waited for three times as long",
    "session/outbox.js",
    "const ECHO_MS = 10_000",
    "const ECHO_MS = 30_000",
  ),
  mutation("several are in flight at once", "session/outbox.js", "!carrier || inFlight ||", "!carrier ||"),
  mutation(
    "the newest is sent first",
    "session/outbox.js",
    "for (const id of line) {",
    "for (const id of [...line].reverse()) {",
  ),
  mutation(
    "what has landed does not make room for the next",
    "session/outbox.js",
    "rate()?.accepted();\n            }\n            next();",
    "rate()?.accepted();\n            }",
  ),
  // What is kept.
  mutation("a text is shown before it is on disk", "session/sending.js", "await store.put(", "void store.put("),
  mutation(
    "a text is never on disk",
    "session/sending.js",
    'if (!error)\n                await store.put("messages", message.id, message);',
    "",
  ),
  mutation(
    "a tab forgets a text when it has posted it",
    "hub/client.js",
    "entry.posted = true;",
    "entry.posted = true; unacknowledged.remove(entry.request.id);",
  ),
  mutation(
    "a tab does not repeat what the last hub did not take",
    "hub/client.js",
    "for (const typed of unacknowledged.all())\n            port.post(typed);",
    "",
  ),
  mutation("a tab never forgets what was taken", "hub/client.js", "unacknowledged.remove(id);", ""),
  // Catching up.
  mutation(
    "a second copy is shown again",
    "chat/reduce.js",
    "const held = chat.messages.get(message.id);\n    if (held)\n        return {};",
    "if (chat.messages.has(message.id)) message = { ...message, id: message.id + chat.messages.size };",
  ),
  mutation(
    "live before it has caught up",
    "protocols/guest-api/handler.js",
    'return post({ type: "resume", payload: { after } });',
    'post({ type: "resume", payload: { after } }); return emit({ type: "live", features: [] });',
  ),
  mutation(
    "messages stand in the order of arrival",
    "chat/message.js",
    "return pending || a.sentAt - b.sentAt || Number(a.id > b.id) - Number(a.id < b.id);",
    "return pending;",
  ),
  // The loop.
  mutation("no pause between two attempts", "session/outage.js", "backoff(attempts, random(), isHidden())", "0"),
  mutation("Retry-After is not heeded", "session/outage.js", "load ? spread(retryAfter, random()) : ", ""),
  mutation(
    "the first cut is the last",
    "session/retry-policy.js",
    'const RETRY = { do: "retry" };',
    'const RETRY = { do: "stop" };',
  ),
  mutation(
    "a stop that does not stop",
    "session/loop.js",
    'live?.close("Widget disconnect");\n            up.abort();\n            successor = null;\n            cancelWake();\n            running?.abort();',
    "",
  ),
  mutation(
    "a connection is left before the next one is live",
    "session/loop.js",
    "const next = await connect(",
    'live?.close("refreshed");\n        const next = await connect(',
  ),
  mutation("a sleep is only noticed where it is told", "session/judgement.js", "watchClock(request);", ""),
  mutation("a wake shortens what the server wants", "session/loop.js", "if (!firm)", "if (true)"),
  mutation("an attempt is never given up", "session/connect.js", "const STAGE_MS = 10_000", "const STAGE_MS = 1e9"),
  mutation(
    "an abandoned socket stays open",
    "session/connect.js",
    'heartbeat.stop();\n                close("abandoned");',
    "heartbeat.stop();",
  ),
  mutation("a dead link is not noticed", "session/heartbeat.js", "cancel = clock.after(ANSWER_MS, dead);", ""),
  mutation("a wake looks at no link", "session/loop.js", "live?.check();", ""),
  mutation("a quiet link is not probed", "session/heartbeat.js", "const QUIET_MS = 30_000", "const QUIET_MS = 300_000"),
  // Credentials.
  mutation(
    "credentials are renewed all the time",
    "session/refresh.js",
    "return expiresAt - Math.min(",
    "return issuedAt - Math.min(",
  ),
  mutation("credentials are never renewed", "session/keep-fresh.js", "while (!signal.aborted)", "while (false)"),
  mutation(
    "a refused refresh is tried again at once",
    "session/keep-fresh.js",
    "earliest = serverNow() + (await follow(error)).waitMs;",
    "earliest = serverNow() + 1;",
  ),
  mutation("the server's clock is taken for ours", "session/access.js", "credentials.issuedAt - clock.now()", "0"),
  // Tabs.
  mutation(
    "only the first tab is told",
    "hub/hub.js",
    "for (const { port, oldest } of tabs) {",
    "for (const { port, oldest } of [...tabs].slice(0, 1)) {",
  ),
  mutation(
    "a command that throws is not answered",
    "hub/hub.js",
    "(error) => ({ ok: false, error: toErrorData(error) })",
    "() => new Promise(() => {})",
  ),
  mutation(
    "a tab that closes leaves its callers waiting",
    "hub/client.js",
    "port?.close();\n            giveUp(INTERRUPTED);",
    "port?.close();",
  ),
  mutation("a hub that leaves goes on", "hub/hub.js", "void opening?.then((session) => session.stop());", ""),
  mutation(
    "typing throws into nowhere",
    "session/session.js",
    "typing.told(command.on);",
    'typing.told(command.on); void Promise.reject(new Error("nobody listens"));',
  ),
  // What is kept, and for whom.
  mutation(
    "what the disk has refused is not written again",
    "session/store.js",
    "store.durable = false;\n        }\n    }",
    "store.durable = false;\n            due.clear();\n        }\n    }",
  ),
  mutation(
    "credentials are not kept",
    "session/saved.js",
    'store.put("keep", STANDING, standing)',
    'store.put("keep", STANDING, { ...standing, credentials: undefined })',
  ),
  mutation(
    "the epoch is not kept",
    "session/saved.js",
    'store.put("keep", STANDING, standing)',
    'store.put("keep", STANDING, { ...standing, epoch: crypto.randomUUID() })',
  ),
  mutation("the first epoch is told before it is kept", "session/session.js", "await keep({});", ""),
  mutation("what is not wanted any more stays", "session/session.js", "const cleared = store.clear();", "let cleared;"),
  // What is had already.
  mutation(
    "a resume from an id that nobody knows",
    "protocols/guest-api/handler.js",
    'return post({ type: "resume", payload: { after } });',
    'return post({ type: "resume", payload: { after: "unknown" } });',
  ),
  mutation(
    "a resume from the beginning",
    "session/session.js",
    "after: () => newestServerId(chat)",
    "after: () => null",
  ),
  mutation(
    "a text that is repeated is taken for a new one",
    "session/session.js",
    "if (chat.messages.has(id))\n                    return id;",
    "",
  ),
  mutation(
    "an echo is taken for a message of its own",
    "protocols/guest-api/handler.js",
    'if (from === "guest" && clientId !== undefined)\n            emit({ type: "delivered", id: clientId, serverId, sentAt, text });\n        else',
    'if (from === "guest" && clientId !== undefined)\n            emit({ type: "delivered", id: clientId, serverId, sentAt, text });',
  ),
  mutation(
    "an echo is a bubble of its own where the text is not held",
    "chat/reduce.js",
    "const held = chat.messages.get(id) ?? { id,",
    "const held = chat.messages.get(id) ?? { id: serverId,",
  ),
  // Credentials, once more.
  mutation(
    "a token that was refused is shown again",
    "protocols/guest-api/close-codes.js",
    '[CLOSE.tokenRefused]: { do: "refresh", times: 1 }',
    '[CLOSE.tokenRefused]: { do: "retry" }',
  ),
  mutation(
    "two calls for credentials at once",
    "session/access.js",
    "const turn = last.then(act);",
    "const turn = act();",
  ),
  mutation(
    "an old ticket is shown after a refresh",
    "protocols/guest-api/guest-api.js",
    "return toCredentials(await refreshGuestSession(call, { attributes }, ticket), 0);",
    "return toCredentials({ ...(await refreshGuestSession(call, { attributes }, ticket)), ticket }, 0);",
  ),
  mutation("an old ticket is shown after a profile", "session/identify.js", "await keep({ credentials });", ""),
  // Texts that the server or the guest has put off.
  mutation(
    "a text that was put off is not sent again",
    "session/outbox.js",
    "if (id === inFlight)\n                land();",
    "",
  ),
  mutation("nothing is put off", "session/session.js", "outbox.pause(event.retryAfter, event.id);", ""),
  mutation(
    "a text is sent before its time",
    "session/session.js",
    "outbox.pause(event.retryAfter, event.id);",
    "outbox.pause(0, event.id);",
  ),
  mutation(
    "a text that has failed holds up the others",
    "chat/reduce.js",
    "error: event.error });",
    'error: event.error, delivery: "sending" });',
  ),
  mutation(
    "a conversation that is over goes on",
    "session/session.js",
    "loop.stop();\n                void keep({ readonly: true });",
    "",
  ),
];
