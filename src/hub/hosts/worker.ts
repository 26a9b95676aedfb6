/**
 * The SharedWorker's script: fetches the hub with the dialect that the worker's name says. It is asked for as
 * `worker.js?v=...`: a chunk that imported from `worker.js` would load it a second time, with a second hub and a second
 * socket in the one worker. So it holds nothing that anybody could import.
 */
import type { WorkerScope } from "./worker-hub.ts";

const scope = globalThis as unknown as WorkerScope;
/** Of the tabs that ask before the hub is there. */
const ports: MessagePort[] = [];
scope.onconnect = (event) => ports.push(event.ports[0] as MessagePort);

const hub = scope.name.includes(" web-messaging ")
  ? import("./worker-web-messaging.ts")
  : import("./worker-guest-api.ts");
// Whoever asks after it could not be had gets another worker.
hub.then(
  ({ start }) => start(ports),
  () => scope.close(),
);
