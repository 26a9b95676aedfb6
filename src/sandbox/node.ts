#!/usr/bin/env node
/** The sandbox on Node: HTTP and sockets on one server, for the demo and for tests; and the command genesys-guest-sandbox. */
import { readFileSync, realpathSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { getRequestListener } from "@hono/node-server";
import { type WebSocket, WebSocketServer } from "ws";
import { FRAME_MAX } from "../wire/guest-api.ts";
import { createSandbox, type DeploymentOptions, type Sandbox, type SandboxSocket } from "./sandbox.ts";
import { readDeployment } from "./web-messaging/deployment.ts";

/** How long a guest's end may take to answer a close before it is cut. */
const CLOSING_MS = 1000;

const toSandboxSocket = (socket: WebSocket): SandboxSocket => ({
  send: (text) => socket.send(text),
  close: (code, reason) => socket.close(code, reason),
  terminate: () => socket.terminate(),
});

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Gives a server's upgrades to a sandbox. Returns the un-listen, which also sees to it that every socket is closed. */
export function attachSockets(server: Server, sandbox: Sandbox): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_MAX });
  /** Not yet answered. */
  const waiting = new Set<Duplex>();
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const upgrade = sandbox.connect({
      url: request.url ?? "/",
      host: request.headers.host,
      origin: request.headers.origin,
    });
    const answer = () => {
      if (socket.destroyed) return;
      if ("refused" in upgrade) return refuse(socket, upgrade.refused);
      sockets.handleUpgrade(request, socket, head, (opened) => {
        const end = upgrade.accept(toSandboxSocket(opened));
        opened.on("message", (data, isBinary) => end.receive(isBinary ? null : data.toString()));
        opened.on("close", () => end.closed());
        // A `close` always follows.
        opened.on("error", () => {});
      });
    };
    if (upgrade.delayMs === undefined) return answer();
    const timer = setTimeout(answer, upgrade.delayMs);
    waiting.add(socket);
    socket.once("close", () => {
      clearTimeout(timer);
      waiting.delete(socket);
    });
  };
  server.on("upgrade", onUpgrade);
  return async () => {
    server.off("upgrade", onUpgrade);
    for (const socket of waiting) socket.destroy();
    const closing = [...sockets.clients].map((socket) => {
      const timer = setTimeout(() => socket.terminate(), CLOSING_MS);
      if (socket.readyState === socket.OPEN) socket.close(1001);
      return new Promise<void>((resolve) => {
        socket.once("close", () => {
          clearTimeout(timer);
          resolve();
        });
      });
    });
    await Promise.all(closing);
  };
}

/** The adapter's own Request cannot be copied by Node's, as Hono does with a body whose length is not told beforehand. */
function toPlainRequest({ url, method, headers, body, signal }: Request): Request {
  const init: RequestInit & { duplex: "half" } = { method, headers, body, signal, duplex: "half" };
  return new Request(url, init);
}

/** A sandbox as the listener of a node server. */
export const toNodeListener = (sandbox: Sandbox): RequestListener => {
  const listener = getRequestListener((request) => sandbox.fetch(toPlainRequest(request)), {
    overrideGlobalObjects: false,
  });
  return (request, response) => void listener(request, response);
};

export interface RunningSandbox {
  /** With a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** Port 0 is any free one. Rejects when the address cannot be had. */
export async function serveSandbox(
  sandbox: Sandbox,
  { port = 0, host = "127.0.0.1" }: { port?: number; host?: string } = {},
): Promise<RunningSandbox> {
  const server = createServer(toNodeListener(sandbox));
  const detach = attachSockets(server, sandbox);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${actual}/`,
    async close() {
      sandbox.close();
      const closed = new Promise((resolve) => server.close(resolve));
      await detach();
      server.closeAllConnections();
      await closed;
    },
  };
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

const USAGE =
  "Usage: genesys-guest-sandbox [--port <0-65535>] [--host <address>] [--i-know] [--deployment <json file>]";

/** Ends the process in one line. */
function stop(reason: string, status: number): never {
  console.error(`genesys-guest-sandbox: ${reason}`);
  process.exit(status);
}

function readFile(path: string): DeploymentOptions {
  try {
    const given: unknown = JSON.parse(readFileSync(path, "utf8"));
    readDeployment(given);
    return given as DeploymentOptions;
  } catch (error) {
    stop(`--deployment ${path}: ${(error as Error).message.replaceAll("\n", " ")}`, 2);
  }
}

interface Arguments {
  port: number;
  host: string;
  deployment?: DeploymentOptions;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8090" },
      host: { type: "string", default: "127.0.0.1" },
      "i-know": { type: "boolean", default: false },
      deployment: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const { port, host } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) stop(`--port must be from 0 to 65535, got ${port}`, 2);
  if (!isLoopback(host) && !values["i-know"]) {
    stop(`--host ${host} would open it to others: it has no secrets and no limits. Add --i-know if that is meant`, 2);
  }
  return { port: Number(port), host, ...(values.deployment && { deployment: readFile(values.deployment) }) };
}

async function main(): Promise<void> {
  let given: Arguments;
  try {
    given = readArguments();
  } catch (error) {
    stop(`${(error as Error).message} ${USAGE}`, 2);
  }
  const { deployment, ...address } = given;
  try {
    const sandbox = createSandbox(deployment && { deployments: [deployment] });
    const { url, close } = await serveSandbox(sandbox, address);
    console.log(`genesys-guest-sandbox ${url}`);
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
  } catch (error) {
    stop(`cannot listen on ${address.host}:${address.port}: ${(error as Error).message}`, 1);
  }
}

// npx runs a link to this file.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
