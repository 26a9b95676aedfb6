/** Several that could run one session's hub, in a real browser: a tab and a worker, two workers, one that is gone. */
import { type Client, type ClientOptions, createClient } from "../../../src/hub/client.ts";
import { equal, until } from "../../element/support.ts";
import { newSite } from "../contract.ts";

describe("of several that could run a session's hub", () => {
  let site: Awaited<ReturnType<typeof newSite>> | null = null;
  let clients: Client[] = [];
  afterEach(() => {
    for (const client of clients) client.close();
    clients = [];
    site = null;
  });

  type How = Pick<ClientOptions, "host" | "workerUrl">;
  const TAB: How = { host: "tab" };
  const WORKER: How = { host: "worker" };
  /** As of another version: at the same time with the first one, since its URL is another. */
  const OTHER_WORKER: How = { host: "worker", workerUrl: "/build/src/hub/hosts/worker.js?another" };

  async function open(how: How): Promise<Client> {
    site ??= await newSite();
    const { broker } = site;
    const client = createClient({
      options: { protocol: "guest-api", broker, route: "sales", attributes: {}, storage: "local" },
      ...how,
    });
    clients.push(client);
    void client.dispatch({ type: "open" });
    await until(() => client.state.phase === "live", "live", 8_000);
    return client;
  }
  const texts = (client: Client) => client.messages.flatMap(({ from, text }) => (from === "guest" ? [text] : []));

  /** What each says is heard by all, and comes to the sandbox once and over one connection. */
  async function talk(...speakers: Client[]): Promise<void> {
    for (const [index, speaker] of speakers.entries()) {
      const text = `${index} ${crypto.randomUUID()}`;
      const id = await speaker.dispatch({ type: "send", text });
      for (const client of speakers) {
        await until(() => client.messages.find((message) => message.id === id)?.delivery === "sent", "sent", 8_000);
      }
      await until(async () => {
        const { sessions = [], connections = [] } = (await site?.state()) ?? {};
        const [own, ...others] = sessions.filter(({ messages }) => messages.some((message) => message.text === text));
        equal(others.length, 0);
        equal(own?.messages.filter((message) => message.text === text).length, 1);
        return connections.filter(({ session }) => session === own?.id).length === 1;
      }, "one connection");
    }
  }

  const pairs: [string, How, How][] = [
    ["a tab that leads, and a worker after it", TAB, WORKER],
    ["a worker, and a tab that had to do without", WORKER, TAB],
    ["two workers at once, as while a new version is deployed", WORKER, OTHER_WORKER],
  ];
  for (const [what, first, second] of pairs) {
    it(`one does, and the other passes its tabs on: ${what}`, async () => {
      await talk(await open(first), await open(second));
    });

    it(`the other does when that one is gone, and takes what is typed in between: ${what}`, async () => {
      const [gone, left] = [await open(first), await open(second)];
      await talk(gone, left);
      gone.close();
      clients = [left];
      await talk(left, await open(second));
      const seen = texts(left);
      equal(seen.length, new Set(seen).size);
    });
  }

  it("a worker that was taken for dead stands behind the others, and its tabs lose nothing", async () => {
    const client = await open(WORKER);
    await talk(client);
    const service = `genesys-guest-chat guest-api ${site?.broker} local`;
    const text = "in the gap";
    const sent = client.dispatch({ type: "send", text });
    await navigator.locks.request(service, { steal: true }, () => {});
    await sent;
    const own = () => client.messages.filter((message) => message.text === text);
    await until(() => own()[0]?.delivery === "sent", "sent", 8_000);
    equal(own().length, 1);
    await talk(client);
  });
});
