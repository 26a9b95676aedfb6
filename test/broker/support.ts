/** A broker on the bench: its fake Genesys, its clock, its log, and a page that calls it; secrets in answers are looked for at every call. */
import assert from "node:assert/strict";
import { type BrokerOptions, createBroker } from "../../src/broker/broker.ts";
import type { LogFields } from "../../src/broker/log.ts";
import type { BrokerClock } from "../../src/broker/options.ts";
import type { Problem, SessionAnswer } from "../../src/wire/broker-api.ts";
import { CLIENT_SECRET, createFakeGenesys, type FakeGenesys } from "./fake-genesys.ts";

export const SHOP = "https://shop.example";
export const OTHER = "https://other.example";
export const TICKET_SECRET = "canary-ticket-secret-0123456789abcdef";

export interface FakeClock extends BrokerClock {
  /** Every wait asked for, in ms. */
  waits: number[];
  pass(ms: number): void;
}

/** Virtual: when all stand still, the earliest waiter is let go and time is then. */
export function createFakeClock(): FakeClock {
  let passed = 0;
  let pumping = false;
  const waiters: { at: number; go: () => void }[] = [];
  const pump = () => {
    waiters.sort((a, b) => a.at - b.at);
    const first = waiters.shift();
    if (first) {
      passed = Math.max(passed, first.at);
      first.go();
    }
    pumping = waiters.length > 0;
    if (pumping) setImmediate(pump);
  };
  return {
    waits: [],
    now: () => 1_790_000_000_000 + passed,
    monotonic: () => 5_000 + passed,
    pass(ms) {
      passed += ms;
    },
    wait(ms) {
      this.waits.push(ms);
      return new Promise((go) => {
        waiters.push({ at: passed + ms, go });
        if (!pumping) setImmediate(pump);
        pumping = true;
      });
    },
  };
}

export interface Call {
  method?: string;
  origin?: string | null;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Bench {
  genesys: FakeGenesys;
  clock: FakeClock;
  log: { level: string; event: string; fields: LogFields }[];
  /** A page's call; a body that is no text is sent as JSON. */
  ask(path: string, call?: Call): Promise<Response>;
  start(body?: unknown, headers?: Record<string, string>): Promise<SessionAnswer>;
  refresh(ticket: string, body?: unknown, origin?: string): Promise<Response>;
  end(ticket: string): Promise<Response>;
  /** `PUT /v1/profile` and `POST /v1/activity`. */
  sync(ticket: string, body: unknown, origin?: string): Promise<Response>;
  report(ticket: string, body: unknown, origin?: string): Promise<Response>;
}

export const ROUTES = {
  sales: { queue: "q1", skill: "s1", language: "en-GB" },
  service: { queue: "q2", skill: "s2", language: "de-DE", name: "Gast" },
};

export function createBench(options: Partial<BrokerOptions> = {}): Bench {
  const clock = createFakeClock();
  const genesys = createFakeGenesys(clock.now);
  const log: Bench["log"] = [];
  const tickets: string[] = [];
  const broker = createBroker({
    baseUrl: "https://acme.mypurecloud.com",
    clientId: "client-1",
    clientSecret: CLIENT_SECRET,
    routes: ROUTES,
    allowedOrigins: [SHOP, OTHER],
    ticketSecrets: [TICKET_SECRET],
    fetch: genesys.fetch,
    clock,
    random: () => 0.5,
    log: (level, event, fields) => log.push({ level, event, fields }),
    ...options,
  });

  const bench: Bench = {
    genesys,
    clock,
    log,
    async ask(path, { method = "POST", origin = SHOP, headers = {}, body } = {}) {
      const sent = new Headers({ "User-Agent": "TestBrowser/1.0", ...headers });
      if (origin !== null) sent.set("Origin", origin);
      if (body !== undefined && !sent.has("Content-Type")) sent.set("Content-Type", "application/json");
      const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const answer = await broker(new Request(`https://broker.example${path}`, { method, headers: sent, body: text }));
      const answered = await answer.clone().text();
      if (answer.ok && answered.includes('"ticket"')) tickets.push((JSON.parse(answered) as SessionAnswer).ticket);
      const secrets = [...genesys.secrets, ...tickets, TICKET_SECRET, "canary-person"];
      const seen = JSON.stringify(log) + (answer.ok ? "" : answered);
      for (const secret of secrets) assert(!seen.includes(secret), `${secret} was shown`);
      if (!answer.ok) assert.equal(answer.headers.get("Content-Type"), "application/problem+json");
      return answer;
    },
    async start(body, headers) {
      const answer = await bench.ask("/v1/sessions", { body, headers });
      assert.equal(answer.status, 201, await answer.clone().text());
      return (await answer.json()) as SessionAnswer;
    },
    refresh: (ticket, body, origin) =>
      bench.ask("/v1/sessions/refresh", { body, origin, headers: { Authorization: `Bearer ${ticket}` } }),
    sync: (ticket, body, origin) =>
      bench.ask("/v1/profile", { method: "PUT", body, origin, headers: { Authorization: `Bearer ${ticket}` } }),
    report: (ticket, body, origin) =>
      bench.ask("/v1/activity", { body, origin, headers: { Authorization: `Bearer ${ticket}` } }),
    end: (ticket) => bench.ask("/v1/sessions", { method: "DELETE", headers: { Authorization: `Bearer ${ticket}` } }),
  };
  return bench;
}

/** The answer must be this problem; gives its body. */
export async function assertProblem(answer: Response, code: string, status: number): Promise<Problem> {
  const problem = (await answer.json()) as Problem;
  assert.equal(problem.code, code);
  assert.equal(answer.status, status);
  assert.equal(problem.status, status);
  assert(Number.isFinite(problem.now));
  return problem;
}

export const isLogged = (bench: Bench, event: string, fields: LogFields): boolean =>
  bench.log.some(
    (line) =>
      line.event === event && Object.entries(fields).every(([name, value]) => line.fields[name as "at"] === value),
  );
