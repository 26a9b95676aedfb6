/** A call of a hub to the broker over a network with faults. */
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
  const { network, device, watch, time, random, hub, isAlive, run, broker } = given;
  const { signal, ...rest } = init;
  // What is told beside the conversation is no attempt to connect.
  const isReport = init.method === "DELETE" || !/\/v1\/(sessions|sessions\/refresh|profile)$/.test(url);
  const fault = isReport ? undefined : network.calls.shift();
  const ticket = new Headers(init.headers).get("Authorization") ?? "";
  const end = isReport ? () => {} : watch.called(hub, url, ticket);
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
      await arrive();
      if (retryAfter !== undefined && !url.endsWith("/profile")) watch.refused(hub, retryAfter * 1000);
      return new Response(body, { status, headers: { "Content-Type": "application/problem+json" } });
    }
    const response = await broker(new Request(url, { ...rest, headers: { ...rest.headers, Origin: ORIGIN } }));
    await arrive();
    if (fault?.fate === "lose-answer") throw fail();
    return response;
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
