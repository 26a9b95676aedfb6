/** The script of hub.html, the hidden frame on the origin of the chat's files. */
import { startHost } from "../host.ts";
import { createToScriptUrl } from "../trusted-types.ts";
import { startFrameHub } from "./frame-hub.ts";

/** As built, the worker lies beside this module. */
const worker = new URL("./worker.js", import.meta.url).href;

startFrameHub({ scope: window, parent: window.parent, startHost, toScriptUrl: createToScriptUrl(worker) });
