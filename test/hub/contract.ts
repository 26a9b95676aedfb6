/** One suite that every host passes: whoever lives with it, a tab sees the same. Runs in a browser, on the real broker and sandbox. */
import { type Client, type ClientOptions, createClient } from "../../src/hub/client.ts";
import { equal, until } from "../element/support.ts";

/** Where test/web-test-runner.config.mjs tells of the demo site that it has started. */
const SITE = "/test-site.json";

export interface HostUnderTest {
  name: string;
  host: ClientOptions["host"];
  /** The built files come from the demo's site of this name, another origin; default: the tests' own. */
  filesFrom?: string;
  /** Tabs of one site and browser share one session. */
  isShared: boolean;
  /** The page itself holds neither socket nor credentials. */
  isApart: boolean;
}

interface SandboxState {
  connections: { session: string }[];
  sessions: { id: string; messages: { from: string; text?: string }[] }[];
}

let sites = 0;

/** A broker's address that nobody has used yet: with a key of its own, each test begins with a hub of its own. */
export async function newSite(): Promise<{ broker: string; state(): Promise<SandboxState> }> {
  const { url } = (await (await fetch(SITE)).json()) as { url: string };
  sites += 1;
  const { port } = new URL(url);
  const name = `site-${sites}-${crypto.randomUUID().slice(0, 8)}`;
  return {
    broker: `http://${name}.localhost:${port}/broker`,
    state: async () => (await fetch(`/test-site/sandbox/state`)).json(),
  };
}

export function describeHost({ name, host, filesFrom, isShared, isApart }: HostUnderTest): void {
  describe(`the ${name} host`, () => {
    let clients: Client[] = [];
    const degraded: string[] = [];
    let workerUrl: string | undefined;
    before(async () => {
      const { url } = (await (await fetch(SITE)).json()) as { url: string };
      if (filesFrom) workerUrl = `http://${filesFrom}:${new URL(url).port}/dist/worker.js`;
    });
    afterEach(() => {
      for (const client of clients) client.close();
      clients = [];
      sessionStorage.clear();
      // What is tested is this host in this engine, with its storage, not what has come up in its place.
      equal(degraded.splice(0), []);
    });

    function open(broker: string, more: Partial<ClientOptions> = {}): Client {
      const client = createClient({
        options: { protocol: "guest-api", broker, route: "sales", attributes: {}, storage: "local" },
        host,
        workerUrl,
        storage: sessionStorage,
        ...more,
      });
      clients.push(client);
      client.subscribe((change) => {
        if (change.degraded) degraded.push(`${change.degraded.code} ${change.degraded.detail}`);
      });
      return client;
    }
    const texts = (client: Client) => client.messages.flatMap(({ from, text }) => (from === "guest" ? [text] : []));
    const live = (client: Client) => until(() => client.state.phase === "live", "live", 8_000);

    it("carries a text up and its answer down", async () => {
      const client = open((await newSite()).broker);
      void client.dispatch({ type: "open" });
      await live(client);
      const id = await client.dispatch({ type: "send", text: "hello" });
      await until(() => client.messages.find((message) => message.id === id)?.delivery === "sent", "sent");
      await until(() => client.messages.some(({ text }) => text?.startsWith("Hello!")), "the bot's answer");
    });

    it("takes a text before it is up, and sends it once", async () => {
      const { broker, state } = await newSite();
      const client = open(broker);
      const text = `early ${broker}`;
      await client.dispatch({ type: "send", text });
      await until(() => client.messages.some(({ delivery }) => delivery === "sent"), "sent", 8_000);
      const { sessions } = await state();
      equal(sessions.flatMap(({ messages }) => messages).filter((message) => message.text === text).length, 1);
    });

    it("gives a tab that comes later the whole state at once", async () => {
      const { broker } = await newSite();
      const first = open(broker);
      await first.dispatch({ type: "send", text: "one" });
      await until(() => first.messages.some(({ delivery }) => delivery === "sent"), "sent", 8_000);
      // A tab that has gone leaves the conversation behind, in the hub or in the store.
      first.close();
      const second = open(broker);
      await until(() => texts(second).includes("one"), "the transcript");
      await live(second);
    });

    it("settles every command, with a value or a reason", async () => {
      const client = open((await newSite()).broker);
      void client.dispatch({ type: "open" });
      await live(client);
      await client.dispatch({ type: "seen", message: "nobody" });
      await client.dispatch({ type: "load-earlier" });
      const refused = await client.dispatch({ type: "start-new" }).catch((error) => error.code);
      equal(refused, "CHAT_UNSUPPORTED");
      const empty = await client.dispatch({ type: "send", text: " " }).catch((error) => error.code);
      equal(empty, "CHAT_TEXT_EMPTY");
    });

    it("says what is wrong with its options", async () => {
      const client = open("ftp://nowhere");
      await until(() => client.state.phase === "failed", "failed");
      equal(client.state.reason, { code: "CHAT_CONFIGURATION", detail: "broker" });
      const refused = await client.dispatch({ type: "open" }).catch((error) => error.code);
      equal(refused, "CHAT_CONFIGURATION");
    });

    it("keeps the conversation in memory when the page wants nothing stored", async () => {
      const before = (await indexedDB.databases()).length;
      const { broker } = await newSite();
      const client = open(broker, {
        options: { protocol: "guest-api", broker, attributes: {}, storage: "memory" },
      });
      await client.dispatch({ type: "send", text: "hello" });
      await until(() => client.messages.some(({ delivery }) => delivery === "sent"), "sent", 8_000);
      equal((await indexedDB.databases()).length, before);
      equal(client.state.durable, false);
    });

    /** Each tab says something; over how many connections does the sandbox hear it? Those of other tests do not count. */
    async function countConnections(tabs: number): Promise<{ clients: Client[]; count: number }> {
      const { broker, state } = await newSite();
      const speakers = Array.from({ length: tabs }, () => open(broker));
      const said = speakers.map((_, index) => `${index} at ${broker}`);
      for (const [index, client] of speakers.entries()) {
        await client.dispatch({ type: "send", text: said[index] as string });
        await until(() => client.messages.some(({ delivery }) => delivery === "sent"), "sent", 8_000);
      }
      const { connections, sessions } = await state();
      const ours = sessions.filter(({ messages }) => messages.some(({ text = "" }) => said.includes(text)));
      const count = connections.filter(({ session }) => ours.some(({ id }) => id === session)).length;
      return { clients: speakers, count };
    }

    if (isShared) {
      it("shares one connection among its tabs, and shows all of them the same", async () => {
        const { clients: tabs, count } = await countConnections(3);
        equal(count, 1);
        await tabs[0]?.dispatch({ type: "send", text: "to all" });
        for (const client of tabs) await until(() => texts(client).includes("to all"), "the text", 1_000);
      });
    } else {
      it("has a connection of its own for each tab: nothing elects among them", async () => {
        equal((await countConnections(2)).count, 2);
      });
    }

    it(`${isApart ? "keeps" : "cannot keep"} the calls to the broker out of the page`, async () => {
      const { broker } = await newSite();
      const client = open(broker);
      void client.dispatch({ type: "open" });
      await live(client);
      const called = performance.getEntriesByType("resource").some(({ name }) => name.startsWith(broker));
      equal(called, !isApart);
    });
  });
}
