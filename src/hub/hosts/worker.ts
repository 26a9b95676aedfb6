/**
 * The SharedWorker's script. It is asked for as `worker.js?v=...`: a chunk that imported from `worker.js` would load it a
 * second time, with a second hub and a second socket in the one worker. So it holds nothing that anybody could import.
 */
import { startWorkerHub } from "./worker-hub.ts";

startWorkerHub();
