/** GuestSessionManager in a page without our element: the founding document's calls, with a broker that keeps the secret. */
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import type { JSHandle, Page } from "playwright-core";
import type { GuestSessionManager } from "../../src/manager/manager.ts";
import { CLIENT, EMAIL, NONCE, serveProvider } from "../support/provider.ts";
import { eventually, type Guest, openChat, say, shown, useSite } from "../support/site.ts";

type Manager = JSHandle<GuestSessionManager>;

const CONFIG = { broker: "/broker", route: "sales" };

const create = (page: Page, config: object = CONFIG): Promise<Manager> =>
  // As text: the compiler would look for the file on its own disk.
  page.evaluateHandle(
    `import("/dist/manager.js").then(({ GuestSessionManager }) => new GuestSessionManager(${JSON.stringify(config)}))`,
  );

const phase = (manager: Manager, wanted: string) =>
  eventually(async () => assert.equal(await manager.evaluate(({ state }) => state.phase), wanted));

/** Waits until somebody has said it. */
const says = (manager: Manager, text: string) =>
  eventually(async () => {
    const texts = await manager.evaluate(({ messages }) => messages.map((message) => message.text ?? ""));
    assert.ok(
      texts.some((each) => each.startsWith(text)),
      texts.join("\n"),
    );
  });

/** Everything that the page's origin has in its databases, as text. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const table of database.objectStoreNames) {
        found.push(...(await done(database.transaction(table).objectStore(table).getAll())));
      }
      database.close();
    }
    return JSON.stringify(found);
  });

describe("a page with a manager of its own", () => {
  let provider: Awaited<ReturnType<typeof serveProvider>>;
  const site = useSite(async () => {
    provider = await serveProvider();
    return { oidc: { issuer: provider.issuer, clientId: CLIENT } };
  });
  let guest: Guest;

  after(() => provider.close());
  afterEach(async () => {
    await site.control("settings", { refuseSockets: false });
    await guest.context.close();
    assert.deepEqual(guest.exceptions, []);
    assert.doesNotMatch(guest.console.join("\n"), /eyJ|canary/);
    // The page's policy is the strict one, with Trusted Types required.
    assert.deepEqual(site.demo.reports(), []);
  });

  /** A page that has no chat. */
  const visit = async (): Promise<Page> => {
    guest = await site.newGuest();
    return guest.visit("/");
  };
  const totals = async () => (await site.state()).totals;

  test("initialises, connects, talks, syncs a verified profile, reads its metrics and terminates", async () => {
    const page = await visit();
    const manager = await create(page);
    await manager.evaluate((chat) => chat.initialize());
    const created = await site.state();
    assert.deepEqual(created.connections, [], "initialize() connects nothing");
    const { user_agent, ...attributes } = created.sessions[0]?.attributes ?? {};
    assert.deepEqual(attributes, { source: "custom_widget", locale: "en-US" });
    assert.match(String(user_agent), /Chrome/);

    await manager.evaluate((chat) => chat.connectWebSocket());
    await phase(manager, "live");
    await manager.evaluate((chat) => chat.sendMessage("hello"));
    await says(manager, "Hello! What can I do");

    const idToken = await provider.sign();
    const profile = await manager.evaluate((chat, identity) => chat.syncExternalProfile(identity), {
      idToken,
      nonce: NONCE,
    });
    const { syncedAt } = profile;
    assert.deepEqual(profile, { providerId: provider.issuer, email: EMAIL, syncedAt });
    assert.deepEqual((await site.state()).sessions[0]?.attributes, {
      ...created.sessions[0]?.attributes,
      external_provider_id: provider.issuer,
      external_email: EMAIL,
      synced_at: syncedAt,
      delegation_verified: true,
    });

    const { duration_ms, logs } = await manager.evaluate((chat) => chat.getMetrics());
    assert.ok(duration_ms > 0);
    assert.deepEqual([logs[0]?.event, logs[0]?.details], ["session_started", { duration_ms: 0 }]);
    const synced = logs.find(({ event }) => event === "profile_synced");
    assert.deepEqual(synced?.details, { provider_id: provider.issuer });
    assert.doesNotMatch(JSON.stringify(logs), /hello|canary|eyJ/i);
    assert.match(await kept(page), /eyJ/, "the credentials are kept for the next page");

    await manager.evaluate((chat) => chat.terminate());
    await phase(manager, "ended");
    await eventually(async () => assert.deepEqual((await site.state()).connections, []));
    assert.equal((await site.state()).sessions[0]?.readOnly, true);
    assert.doesNotMatch(await kept(page), /eyJ|hello|canary/, "nothing is kept");
    const report = await manager.evaluate((chat) => chat.getMetrics());
    assert.equal(report.logs.at(-1)?.event, "session_terminated");
    assert.ok(report.logs.some(({ event, details }) => event === "ws_disconnected" && Number(details.duration_ms) > 0));
    const urls = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.ok(!urls.some((url) => /element|in-page|\/v1\//.test(url)), "session and broker are the worker's affair");
  });

  test("finds its session again after a reload", async () => {
    const page = await visit();
    const before = await create(page);
    await before.evaluate((chat) => chat.initialize());
    await before.evaluate((chat) => chat.sendMessage("hello"));
    await says(before, "Hello! What can I do");
    const { guestsCreated } = await totals();
    await page.reload();
    const manager = await create(page);
    await manager.evaluate((chat) => chat.initialize());
    await says(manager, "Hello! What can I do");
    assert.equal((await totals()).guestsCreated, guestsCreated);
  });

  test("shares the session with the chat in another tab", async () => {
    const page = await visit();
    const other = await guest.visit("/guest-api.html");
    await openChat(other);
    await shown(other, /Welcome to Fernweh/);
    const { guestsCreated } = await totals();
    const manager = await create(page, { ...CONFIG, broker: `${site.demo.url}/broker/` });
    await manager.evaluate((chat) => chat.initialize());
    await manager.evaluate((chat) => chat.sendMessage("lamps"));
    await shown(other, "lamps");
    await shown(other, /^The Polaris lamp/);
    await say(other, "thanks");
    await says(manager, "You are welcome");
    assert.equal((await totals()).guestsCreated, guestsCreated);
    assert.equal((await site.state()).connections.length, 1);
    await manager.evaluate((chat) => chat.terminate());
    await other.getByText("Welcome to Fernweh").waitFor({ state: "detached" });
  });

  test("refuses a secret, a profile without proof, and calls without a session; nothing is fetched for them", async () => {
    const page = await visit();
    const { guestsCreated } = await totals();
    await assert.rejects(create(page, { ...CONFIG, clientSecret: "canary" }), /CHAT_SECRET_IN_BROWSER/);
    await assert.rejects(create(page, { broker: "ftp://x" }), /CHAT_CONFIGURATION: broker/);
    const manager = await create(page);
    const early = await manager.evaluate(async (chat) => {
      const codes: string[] = [];
      const note = ({ code }: { code: string }) => codes.push(code);
      try {
        chat.connectWebSocket();
      } catch (error) {
        note(error as { code: string });
      }
      await chat.sendMessage("hi").catch(note);
      return codes;
    });
    assert.deepEqual(early, ["CHAT_NO_SESSION", "CHAT_NO_SESSION"]);
    assert.equal((await totals()).guestsCreated, guestsCreated);
    await manager.evaluate((chat) => chat.initialize());
    const refused = await manager.evaluate((chat) =>
      chat.syncExternalProfile("https://login.example", "a@b.example").then(
        () => "taken",
        ({ code }) => code as string,
      ),
    );
    assert.equal(refused, "CHAT_UNSUPPORTED");
    assert.doesNotMatch(JSON.stringify((await site.state()).sessions), /external_provider_id":"https:\/\/login/);
  });

  test("a firewall that lets HTTP through and no socket is told as such; the text goes once it can", async () => {
    const page = await visit();
    await site.control("settings", { refuseSockets: true });
    const manager = await create(page);
    await manager.evaluate((chat) => chat.initialize());
    await manager.evaluate((chat) => chat.connectWebSocket());
    await manager.evaluate((chat) => chat.sendMessage("hello"));
    await eventually(async () => {
      assert.equal(await manager.evaluate(({ state }) => state.reason?.code), "CHAT_SOCKET_BLOCKED");
    }, 20_000);
    await site.control("settings", { refuseSockets: false });
    await eventually(() => says(manager, "Hello! What can I do"), 40_000);
  });
});
