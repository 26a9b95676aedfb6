/** A line: requests of one connection, and the answers that some of them wait for. */
import { Failure } from "../../chat/failure.ts";
import type { Connection } from "../../session/protocol.ts";
import type { Answer } from "../../wire/web-messaging/answers.ts";

const ANSWER_MS = 10_000;

type Fields = Record<string, unknown>;

export interface Line {
  /** Sends one request. `tracingId` comes back with its answer; a new one where none is given. */
  post(action: string, fields?: Fields, tracingId?: string): void;
  /**
   * Sends one request and resolves with its answer. Rejects with a Failure: CHAT_INTERRUPTED where the connection ends,
   * CHAT_OFFLINE where nobody answers within 10 s.
   */
  ask(action: string, fields?: Fields): Promise<Answer>;
  /** Whether somebody waited for this one. */
  take(answer: Answer): boolean;
}

export function createLine({ credentials, platform, send, signal }: Connection): Line {
  const waiting = new Map<string, (answer: Answer) => void>();
  const { token } = credentials.secrets;

  const post: Line["post"] = (action, fields, tracingId = platform.randomId()) =>
    send(JSON.stringify({ action, token, tracingId, ...fields }));

  return {
    post,
    ask: (action, fields) =>
      new Promise((resolve, reject) => {
        const tracingId = platform.randomId();
        const settle = (act: () => void) => {
          cancel();
          signal.removeEventListener("abort", interrupt);
          waiting.delete(tracingId);
          act();
        };
        const interrupt = () => settle(() => reject(new Failure("CHAT_INTERRUPTED")));
        const cancel = platform.clock.after(ANSWER_MS, () => settle(() => reject(new Failure("CHAT_OFFLINE"))));
        waiting.set(tracingId, (answer) => settle(() => resolve(answer)));
        signal.addEventListener("abort", interrupt);
        if (signal.aborted) interrupt();
        else post(action, fields, tracingId);
      }),
    take(answer) {
      const resolve = waiting.get(answer.tracingId ?? "");
      resolve?.(answer);
      return resolve !== undefined;
    },
  };
}
