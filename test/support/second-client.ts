/**
 * A client of web messaging written from the reference alone: it imports nothing of src, so that our two ends cannot be
 * wrong in the same way.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";

/** As it came. */
export interface SecondFrame {
  type: string;
  class: string;
  code: number;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what its test asserts.
  body: any;
  tracingId?: string;
}

type Fits = (frame: SecondFrame) => boolean;

const WAIT_MS = 10_000;

export class SecondClient {
  readonly deploymentId: string;
  readonly token: string;
  /** Where REST is. */
  readonly api: string;
  readonly frames: SecondFrame[] = [];
  /** The code that the socket closed with. */
  closed: number | undefined;
  readonly #socket: WebSocket;
  readonly #listeners = new Set<() => void>();
  #read = 0;

  /** Section 4.2: first the configuration, which says where the socket is. */
  static async open(
    cdn: string,
    deploymentId: string,
    { token = crypto.randomUUID(), origin = "https://shop.example" }: { token?: string; origin?: string } = {},
  ): Promise<SecondClient> {
    const answer = await fetch(`${cdn}/webdeployments/v1/deployments/${deploymentId}/config.json`);
    const config = await answer.json();
    assert.equal(config.status, "Active");
    const { messagingEndpoint } = config.messenger.apps.conversations;
    const socket = new WebSocket(`${messagingEndpoint}/v1?deploymentId=${deploymentId}&application=Second-1.0`, {
      origin,
    });
    const client = new SecondClient(socket, config.apiEndpoint, deploymentId, token);
    await once(socket, "open");
    return client;
  }

  private constructor(socket: WebSocket, api: string, deploymentId: string, token: string) {
    this.api = api;
    this.deploymentId = deploymentId;
    this.token = token;
    this.#socket = socket;
    const tell = () => {
      for (const listener of this.#listeners) listener();
    };
    socket.on("message", (data) => {
      this.frames.push(JSON.parse(data.toString()));
      tell();
    });
    socket.on("close", (code) => {
      this.closed = code;
      tell();
    });
    socket.on("error", () => {});
  }

  /** A request; its tracing id. */
  send(action: string, fields: object = {}): string {
    const tracingId = crypto.randomUUID();
    this.#socket.send(JSON.stringify({ action, token: this.token, tracingId, ...fields }));
    return tracingId;
  }

  configure(fields: object = {}): string {
    return this.send("configureSession", { deploymentId: this.deploymentId, startNew: false, ...fields });
  }

  say(text: string, more: object = {}): string {
    return this.send("onMessage", { message: { type: "Text", text, ...more } });
  }

  event(event: object, more: object = {}): string {
    return this.send("onMessage", { message: { type: "Event", events: [event], ...more } });
  }

  presence(type: "Join" | "Clear", more: object = {}): string {
    return this.event({ eventType: "Presence", presence: { type } }, more);
  }

  /** The next frame that fits, after the last that was asked for; those between are passed over. */
  async next(what: string, fits: Fits = ({ class: name }) => name === what): Promise<SecondFrame> {
    return this.#until(what, () => {
      while (this.#read < this.frames.length) {
        const frame = this.frames[this.#read++] as SecondFrame;
        if (fits(frame)) return frame;
      }
      return undefined;
    });
  }

  /** The next message from the other side. */
  outbound(): Promise<SecondFrame> {
    return this.next("an outbound message", ({ body }) => body?.direction === "Outbound" && body.type !== "Event");
  }

  /** The next echo of a request's message or event. */
  echo(tracingId: string): Promise<SecondFrame> {
    return this.next("its echo", (frame) => frame.body?.direction === "Inbound" && frame.tracingId === tracingId);
  }

  answer(tracingId: string): Promise<SecondFrame> {
    return this.next("its answer", (frame) => frame.tracingId === tracingId);
  }

  /** Section 4.5. */
  async history(
    jwt: string,
    pageNumber = 1,
  ): Promise<{ status: number; page: { entities: SecondFrame["body"][]; total: number } }> {
    const response = await fetch(`${this.api}/api/v2/webmessaging/messages?pageNumber=${pageNumber}&pageSize=25`, {
      headers: { authorization: `bearer ${jwt}` },
    });
    return { status: response.status, page: await response.json() };
  }

  /** Section 4.13: exactly the headers of the frame. */
  async put(
    { url, headers }: { url: string; headers: Record<string, string> },
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<number> {
    return (await fetch(url, { method: "PUT", headers, body: bytes })).status;
  }

  async close(): Promise<void> {
    this.#socket.close(1000);
    await this.whenClosed();
  }

  async whenClosed(): Promise<number> {
    return this.#until("a close", () => this.closed);
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          this.#listeners.delete(wake);
          reject(new Error(`never came: ${what}; last: ${JSON.stringify(this.frames.at(-1))}`));
        }, WAIT_MS);
        const wake = () => {
          clearTimeout(timer);
          this.#listeners.delete(wake);
          resolve();
        };
        this.#listeners.add(wake);
      });
    }
  }
}
