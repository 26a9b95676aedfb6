/** The founding document's complete example, as a program writes it: the same calls and configuration, against a real sandbox. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestSessionManager } from "genesys-guest-chat/manager";
import { shows, textsOf, useSandbox } from "./support.ts";

const EMAIL = "guest@mail.example";
const PROVIDER = "https://login.example/tenant";

const sandbox = useSandbox();

test("a program initialises, connects, talks, syncs a profile, reads its metrics and terminates", async (t) => {
  const config = {
    org: "acme",
    clientId: "sandbox",
    clientSecret: "sandbox-secret",
    routingQueueId: "queue-sales",
    routingSkillId: "skill-travel",
    routingLanguage: "en-US",
    // The only line that is not the document's: its organisation is a sandbox.
    baseUrl: sandbox.url,
  };
  const manager = new GuestSessionManager(config);
  t.after(() => manager.terminate());

  await manager.initialize();
  const created = await sandbox.state();
  assert.equal(created.totals.guestsCreated, 1);
  assert.deepEqual(created.connections, [], "initialize() connects nothing");
  const [guest] = created.sessions;
  assert.equal(guest?.name, "Web Guest");
  assert.deepEqual(guest.routing, { queue: "queue-sales", skill: "skill-travel", language: "en-US" });
  const major = process.versions.node.split(".")[0];
  assert.deepEqual(guest.attributes, { source: "custom_widget", locale: "en-US", user_agent: `Node.js/${major}` });

  manager.connectWebSocket();
  await shows(manager, () => manager.state.phase === "live");
  manager.connectWebSocket();
  const id = await manager.sendMessage("hello");
  await shows(manager, () => textsOf(manager).some((text) => text?.startsWith("Hello! What can I do")));
  assert.equal(manager.messages.find((message) => message.id === id)?.delivery, "sent");
  assert.equal((await sandbox.state()).connections.length, 1, "connecting again changed nothing");

  const profile = await manager.syncExternalProfile(PROVIDER, EMAIL);
  const { attributes } = (await sandbox.state()).sessions[0] as typeof guest;
  assert.equal(attributes.external_provider_id, PROVIDER);
  assert.equal(attributes.external_email, EMAIL);
  assert.equal(attributes.synced_at, profile.syncedAt);
  assert.equal(attributes.delegation_verified, true);

  const { duration_ms, logs } = await manager.getMetrics();
  assert.ok(duration_ms > 0);
  const find = (event: string) => logs.find((entry) => entry.event === event);
  assert.deepEqual(logs[0]?.details, { duration_ms: 0 });
  assert.equal(logs[0].event, "session_started");
  assert.equal(new Date(logs[0].timestamp).toISOString(), logs[0].timestamp);
  assert.deepEqual(find("ws_message_received")?.details, { type: "message" });
  assert.deepEqual(find("profile_synced")?.details, { provider_id: PROVIDER });
  assert.doesNotMatch(JSON.stringify(logs), /hello|guest@mail|eyJ/i, "no text, no e-mail, no token");

  await manager.terminate();
  assert.equal(manager.state.phase, "ended");
  assert.deepEqual(manager.messages, []);
  await sandbox.closed(1);
  assert.deepEqual(sandbox.closes, ["1000 Widget disconnect"]);
  assert.equal((await sandbox.state()).sessions[0]?.readOnly, true, "the agent sees that the guest has ended it");
  const report = await manager.getMetrics();
  assert.ok(report.duration_ms >= duration_ms);
  const events = report.logs.map(({ event }) => event);
  assert.equal(events.filter((event) => event === "session_started").length, 1);
  const ended = report.logs.find(({ event }) => event === "ws_disconnected");
  assert.ok(Number(ended?.details.duration_ms) > 0, events.join(" "));
  assert.equal(events.at(-1), "session_terminated");
});
