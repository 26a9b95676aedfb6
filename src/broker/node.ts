#!/usr/bin/env node
/** The command `genesys-guest-broker`: settings from the environment, logs to standard output, ends cleanly on SIGTERM. */
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { pino } from "pino";
import { createBroker } from "./broker.ts";
import { LOG_FIELDS, type Log } from "./log.ts";
import { readSettings, type Settings } from "./settings.ts";

/** How long answers under way may take once the broker was asked to end. */
const DRAIN_MS = 10_000;

const logger = pino({ base: null, messageKey: "event", formatters: { level: (level) => ({ level }) } });

const log: Log = (level, event, fields) => {
  const kept = Object.fromEntries(LOG_FIELDS.filter((name) => name in fields).map((name) => [name, fields[name]]));
  logger[level](kept, event);
};

function start({ options, port, host }: Settings): void {
  const server = createAdaptorServer({
    fetch: createBroker({ ...options, log }),
    // Slow clients: a page's call is small and quick, or it is no page's.
    serverOptions: { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 5_000 },
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    fail(`cannot listen on ${host}:${port}: ${error.code ?? error.name}`, 1);
  });
  server.listen(port, host, () => {
    const { address, family, port: bound } = server.address() as AddressInfo;
    log("info", "listening", { url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}/` });
  });

  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    log("info", "ending", {});
    server.close(() => log("info", "ended", {}));
    setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), DRAIN_MS).unref();
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}

function fail(line: string, code: number): never {
  process.stderr.write(`genesys-guest-broker: ${line}\n`);
  process.exit(code);
}

const read = readSettings(process.env);
if (read.ok) start(read.settings);
else fail(read.line, 2);
