/** Elsewhere: another device of the guest's, on a network of its own. Only web messaging has such: whoever has the token is the guest. */
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type Network, ORIGIN } from "./network.ts";
import type { VirtualTime } from "./time.ts";
import { DEPLOYMENT, SOCKET_URL } from "./web-messaging.ts";

export interface Elsewhere {
  /** Each without effect before a token is known; the device is gone after `ms`. */
  say(text: string, ms: number): void;
  /** As many connections as a guest may have: the oldest of his is closed. */
  crowd(ms: number): void;
  clear(ms: number): void;
  leave(): void;
}

export interface ElsewhereRequest {
  time: VirtualTime;
  network: Network;
  sandbox: Sandbox;
  randomId(): string;
}

type Ask = (action: string, fields: object) => void;

const CROWD = 3;

export function createElsewhere({ time, network, sandbox, randomId }: ElsewhereRequest): Elsewhere {
  const leaving = new Set<() => void>();

  function connect(ms: number): Ask {
    const { token } = network;
    const answer = sandbox.connect({ url: SOCKET_URL, origin: ORIGIN });
    if (token === undefined || "refused" in answer) return () => {};
    const end = answer.accept({ send() {}, close() {}, terminate() {} });
    const leave = () => {
      leaving.delete(leave);
      end.closed();
    };
    leaving.add(leave);
    time.clock.after(ms, leave);
    const ask: Ask = (action, fields) =>
      // By chance, as other clients make theirs: hardly ever below one that begins with the time.
      end.receive(JSON.stringify({ action, token, tracingId: randomId().replace(/^0/, "e"), ...fields }));
    ask("configureSession", { deploymentId: DEPLOYMENT, startNew: false });
    return ask;
  }

  return {
    say: (text, ms) => connect(ms)("onMessage", { message: { type: "Text", text } }),
    crowd(ms) {
      for (let count = 0; count < CROWD; count += 1) connect(ms);
    },
    clear(ms) {
      const events = [{ eventType: "Presence", presence: { type: "Clear" } }];
      connect(ms)("onMessage", { message: { type: "Event", events } });
    },
    leave() {
      for (const leave of [...leaving]) leave();
    },
  };
}
