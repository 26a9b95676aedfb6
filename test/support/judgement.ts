/** What judges failures, had at once: under a virtual clock nothing waits for a chunk. */
import * as chunk from "../../src/session/judgement.ts";

export const judgement = () => Promise.resolve(chunk);
