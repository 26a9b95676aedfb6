/** The demo site: pages of a made-up shop, the broker and the sandbox on one port. Also what the e2e tests open. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { etag } from "hono/etag";
import { type BrokerOptions, createBroker } from "../src/broker/broker.ts";
import { attachSockets } from "../src/sandbox/node.ts";
import { createSandbox, type DeploymentOptions } from "../src/sandbox/sandbox.ts";
import { demoDeployment } from "../src/sandbox/web-messaging/demo-deployment.ts";
import { keepActivity } from "./activity.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { embeddingPolicy, hubPolicy, isDemoOrigin, pagePolicy, REPORT_PATH, workerPolicy } from "./policy.ts";

/** Of the project, seen from build/demo/, where this file runs. */
const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What the demo's broker and its sandbox have agreed on. It opens nothing but this sandbox. */
const CLIENT = { clientId: "demo", clientSecret: "demo-secret-of-the-sandbox" };
const TICKET_SECRET = "demo-ticket-secret-good-for-nothing-else";
const ROUTES = {
  sales: { queue: "queue-sales", skill: "skill-travel", language: "en-US" },
  service: { queue: "queue-service", skill: "skill-returns", language: "en-US" },
};

/** More violations than this tell nothing new. */
const REPORTS_MAX = 1000;

export interface DemoOptions {
  /** Default 0: any free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Pause before the bot answers, in ms; the sandbox's own when not given. */
  botDelayMs?: number;
  /** What the sandbox allows its OAuth client in a minute, and the broker stays below. Default 200. */
  perMinute?: number;
  /** Exactly these, as the shipped broker compares; by default every page of this machine. */
  allowedOrigins?: string[];
  /** The identity provider whose ID tokens the broker believes. Default: none, so that nobody signs in. */
  oidc?: BrokerOptions["oidc"];
  /** Of web messaging. Default: the sandbox's own; with `signIn` guests may sign in there. */
  deployment?: DeploymentOptions;
  /** Runs an identity provider of the demo's own, at `/idp` of localhost. Default: none. */
  signIn?: boolean | SignInOptions;
}

export interface SignInOptions {
  /** As the provider's own. */
  severs?: boolean;
  /** Also in the midst of a conversation. Default true. */
  stepUp?: boolean;
}

export interface Demo {
  /** Without a trailing slash. */
  url: string;
  /** Of `signIn`. */
  identityProvider?: IdentityProvider;
  /** The policy violations that browsers have posted, in order. */
  reports(): unknown[];
  close(): Promise<void>;
}

/** Resolves when the port is open; rejects with Node's error when it cannot be. */
export async function serve({
  port = 0,
  host = "127.0.0.1",
  botDelayMs,
  perMinute = 200,
  allowedOrigins,
  oidc,
  deployment = demoDeployment,
  signIn = false,
}: DemoOptions = {}): Promise<Demo> {
  const app = new Hono();
  const listener = getRequestListener(app.fetch);
  let identityProvider: IdentityProvider | undefined;
  const server = createServer((request, response) => {
    const answer = identityProvider?.listenerFor(request) ?? listener;
    void answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const url = toUrl(server.address() as AddressInfo);

  const { stepUp = true, ...more } = typeof signIn === "object" ? signIn : {};
  if (signIn) {
    // To the demo's pages another site, which is what a provider is.
    const issuer = `http://localhost:${new URL(url).port}/idp`;
    const redirectUris = [url, new URL(issuer).origin].map((origin) => `${origin}/dist/callback.html`);
    // Only now: it is a package for trying things out, and takes a while.
    const { createIdentityProvider } = await import("./identity-provider.ts");
    identityProvider = await createIdentityProvider(issuer, { redirectUris, ...more });
  }
  const auth = identityProvider && {
    enabled: true,
    allowSessionUpgrade: stepUp,
    provider: { issuer: identityProvider.issuer, clientId: identityProvider.clientId },
  };
  const sandbox = createSandbox({
    ...CLIENT,
    deployments: [{ ...deployment, ...(auth && { auth }) }],
    requestsPerMinute: perMinute,
    ...(botDelayMs === undefined ? {} : { botDelayMs }),
  });
  const detach = attachSockets(server, sandbox);
  const activity = keepActivity();
  const broker = createBroker({
    ...CLIENT,
    baseUrl: url,
    perMinute,
    routes: ROUTES,
    ticketSecrets: [TICKET_SECRET],
    ...(oidc && { oidc }),
    log: activity.log,
    allowedOrigins: allowedOrigins ?? ((origin: string) => isDemoOrigin(origin) || origin === url),
  });
  const reports: unknown[] = [];

  app.mount("/broker", broker);
  for (const path of ["/oauth/*", "/api/*", "/uploads/*", "/webdeployments/*", "/sandbox/*"])
    app.all(path, (context) => sandbox.fetch(context.req.raw));
  app.get("/demo/activity", (context) => {
    context.header("Cache-Control", "no-store");
    return context.json({ lines: activity.of(context.req.query("session") ?? "") });
  });
  app.post(REPORT_PATH, async (context) => {
    const report: unknown = await context.req.json().catch(() => "not JSON");
    if (reports.length < REPORTS_MAX) reports.push(report);
    return context.body(null, 204);
  });
  addFiles(app, url);

  return {
    url,
    ...(identityProvider && { identityProvider }),
    reports: () => [...reports],
    async close() {
      sandbox.close();
      const closed = new Promise((resolve) => server.close(resolve));
      await detach();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** An address that a browser on this machine can open. */
function toUrl({ address, family, port }: AddressInfo): string {
  if (address === "0.0.0.0" || address === "::") return `http://127.0.0.1:${port}`;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function addFiles(app: Hono, url: string): void {
  const socketOrigin = url.replace(/^http/, "ws");
  const { port } = new URL(url);
  const page = pagePolicy(socketOrigin);
  const policies: Record<string, string> = {
    "/dist/worker.js": workerPolicy(socketOrigin),
    "/dist/hub.html": hubPolicy(socketOrigin),
    "/tabs.html": pagePolicy(socketOrigin, "'self'"),
    "/embed.html": embeddingPolicy(`http://cdn.localhost:${port}`, `http://shop.localhost:${port}`, socketOrigin),
  };

  app.use(etag(), async (context, next) => {
    await next();
    context.header("Cache-Control", "no-cache");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "strict-origin-when-cross-origin");
    context.header("Content-Security-Policy", policies[context.req.path] ?? page);
  });
  // As a CDN would: the files hold nothing of anybody, and a page of another origin imports them.
  app.use("/dist/*", async (context, next) => {
    await next();
    context.header("Access-Control-Allow-Origin", "*");
    context.header("Cross-Origin-Resource-Policy", "cross-origin");
  });
  app.use("/dist/*", serveStatic({ root: folder("."), index: "" }));
  // Its tag names other origins, and those bear the port, which is known only now.
  const embedding = readFileSync(folder("demo/site/embed.html"), "utf8");
  app.get("/embed.html", (context) => context.html(embedding.replace(/(\/\/\w+\.localhost)(?=[/"])/g, `$1:${port}`)));
  app.use("/*", serveStatic({ root: folder("demo/site") }));
  const missing = readFileSync(folder("demo/site/404.html"), "utf8");
  app.notFound((context) => context.html(missing, 404));
}
