/** Two versions of ours at once, as after a deployment with old tabs open, in a real browser: one whose ports the other does not understand. */
import { type Client, createClient } from "../../../src/hub/client.ts";
import { equal, ok, until } from "../../element/support.ts";
import { newSite } from "../contract.ts";

/** Served by test/web-test-runner.config.mjs. */
const NEXT = "/next/hub/client.js";

describe("after a deployment, with old tabs open", () => {
  let broker = "";
  let state: Awaited<ReturnType<typeof newSite>>["state"];
  let createNext: typeof createClient;
  let clients: Client[] = [];
  before(async () => {
    ({ createClient: createNext } = await import(NEXT));
  });
  beforeEach(async () => {
    ({ broker, state } = await newSite());
  });
  afterEach(() => {
    for (const client of clients) client.close();
    clients = [];
    sessionStorage.clear();
  });

  function open(create: typeof createClient): Client {
    const client = create({
      options: { protocol: "guest-api", broker, route: "sales", attributes: {}, storage: "local" },
      host: "worker",
      storage: sessionStorage,
    });
    clients.push(client);
    client.dispatch({ type: "open" }).catch(() => {});
    return client;
  }
  const live = (client: Client) => until(() => client.state.phase === "live", "live", 8_000);
  const sent = (client: Client, text: string) =>
    until(() => client.messages.find((each) => each.text === text)?.delivery === "sent", `${text} sent`, 8_000);
  /** Connections of the session in which it was said, and how often it was. */
  async function count(text: string): Promise<{ connections: number; times: number }> {
    const { sessions, connections } = await state();
    const own = sessions.filter(({ messages }) => messages.some((message) => message.text === text));
    return {
      connections: connections.filter(({ session }) => own.some(({ id }) => id === session)).length,
      times: own.flatMap(({ messages }) => messages).filter((message) => message.text === text).length,
    };
  }

  it("the new version takes the session over, with all that was said, and there is one connection (row 51)", async () => {
    const old = open(createClient);
    await live(old);
    const early = `early ${broker}`;
    await old.dispatch({ type: "send", text: early });
    await sent(old, early);
    const next = open(createNext);
    await live(next);
    ok(
      next.messages.some(({ text }) => text === early),
      "the transcript",
    );
    const late = `late ${broker}`;
    await next.dispatch({ type: "send", text: late });
    await sent(next, late);
    await until(async () => (await count(late)).connections === 1, "one connection");
    equal(await count(early), { connections: 1, times: 1 });
  });

  it("an old tab is told to reload, and what is typed there is sent once it has been (row 51, S33)", async () => {
    const old = open(createClient);
    await live(old);
    const next = open(createNext);
    await live(next);
    await until(() => old.state.phase === "failed", "told", 8_000);
    equal(old.state.reason?.code, "CHAT_RELOAD_NEEDED");
    const text = `typed too late ${broker}`;
    await old.dispatch({ type: "send", text });
    equal((await count(text)).times, 0);
    // The reload: the page is of the new version now, with what the tab has kept.
    old.close();
    const reloaded = open(createNext);
    await sent(reloaded, text);
    await sent(next, text);
    equal(await count(text), { connections: 1, times: 1 });
  });

  it("an old page that comes after a new one is told the same, and disturbs nobody (row 51)", async () => {
    const next = open(createNext);
    await live(next);
    const old = open(createClient);
    await until(() => old.state.phase === "failed", "told", 8_000);
    equal(old.state.reason?.code, "CHAT_RELOAD_NEEDED");
    const text = `goes on ${broker}`;
    await next.dispatch({ type: "send", text });
    await sent(next, text);
    equal(await count(text), { connections: 1, times: 1 });
  });
});
