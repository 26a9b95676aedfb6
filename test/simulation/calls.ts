/** A call of a hub over HTTP, to the broker or to the platform, over a network with faults. */
import type { NetworkRequest } from "./network.ts";
import { type Network, ORIGIN } from "./network.ts";

/** What becomes of a call: refused with a status, its answer lost, or no end ever. */
export type CallFault =
  | { fate: "refuse"; status: number; retryAfter?: number }
  | { fate: "lose-answer" }
  | { fate: "hang" };

export interface CallRequest extends Omit<NetworkRequest, "sandbox"> {
  network: Network;
  hub: number;
  isAlive(): boolean;
  run(act: () => void): void;
}

const never = () => new Promise<never>(() => {});
const fail = () => new TypeError("Failed to fetch");

export async function answerCall(given: CallRequest, url: string, init: RequestInit): Promise<Response> {
  const { network, device, dialect, watch, time, random, hub, isAlive, run, serve } = given;
  const { signal, ...rest } = init;
  const errand = dialect.toErrand(url, init.method ?? "GET");
  const isBeside = errand === "beside";
  const fault = isBeside ? undefined : network.calls.shift();
  const ticket = new Headers(init.headers).get("Authorization") ?? "";
  const end = isBeside ? () => {} : watch.called(hub, errand, ticket);
  const ended = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(fail()));
  });
  ended.catch(() => {});

  const arrive = async () => {
    await time.wait(2 + random() * 60);
    await new Promise<void>((resolve) => device.whenAwake(resolve));
    await new Promise<void>(run);
    if (!isAlive()) return never();
    if (network.down || signal?.aborted) throw fail();
  };

  async function answer(): Promise<Response> {
    await arrive();
    if (fault?.fate === "hang") return never();
    if (fault?.fate === "refuse") {
      const { status, retryAfter } = fault;
      const body = JSON.stringify({ code: "unavailable", detail: "by the story", ...(retryAfter && { retryAfter }) });
      const headers = {
        "Content-Type": "application/problem+json",
        // A broker's is in its body: of another origin's headers a browser may not read it.
        ...(retryAfter && !dialect.idempotent && { "Retry-After": String(retryAfter) }),
      };
      await arrive();
      if (retryAfter !== undefined) watch.refused(hub, retryAfter * 1000, errand);
      return new Response(body, { status, headers });
    }
    const response = await serve(new Request(url, { ...rest, headers: { ...rest.headers, Origin: ORIGIN } }));
    await arrive();
    if (fault?.fate === "lose-answer") throw fail();
    if (errand === "history" && response.ok) watch.found(hub, await readIds(response.clone()));
    return response;
  }

  async function readIds(response: Response) {
    const { entities } = (await response.json()) as { entities: { text?: string; channel: { messageId?: string } }[] };
    return entities.map(({ text, channel }) => network.ids.get(channel.messageId ?? "") ?? network.texts.get(text));
  }

  try {
    const response = await Promise.race([answer(), ended]);
    end(response.ok);
    return response;
  } catch (error) {
    end(false);
    throw error;
  }
}
