/** The socket of web messaging: one connection, its requests one after the other, and the limits that are its own. */
import {
  type Echo,
  type GetConfiguration,
  isRefused,
  parseRequest,
  type Refused,
  type Request,
} from "../../wire/web-messaging/requests.ts";
import type { Connection, SocketEnd } from "../connections.ts";
import { createRate, type Rate } from "../rate.ts";
import { deleteAttachment, getAttachment, onAttachment } from "./attachments.ts";
import { closeSession, configure, configureAuthenticated } from "./configure.ts";
import { toMediaLimits } from "./deployment.ts";
import { type Frame, push, refuse, refuseMissing, refuseRate, respond, toId } from "./frames.ts";
import type { GuestSession } from "./guest-session.ts";
import type { GuestLine, Shared } from "./line.ts";
import { onMessage } from "./on-message.ts";
import { createOrder, type Order } from "./order.ts";
import type { Asker } from "./uploads.ts";

/** Undefined: an echo, if anything, is the answer. */
type Answer = Frame | undefined | Promise<Frame | undefined>;

type Owned = Exclude<
  Request,
  { action: "echo" | "getConfiguration" | "configureSession" | "configureAuthenticatedSession" }
>;

export class WebMessagingSocket implements SocketEnd, GuestLine {
  readonly shared: Shared;
  readonly origin: string;
  readonly #connection: Connection;
  readonly #requestRate: Rate;
  readonly #healthRate: Rate;
  readonly #order: Order;
  /** What came while another request waits for a check. */
  readonly #waiting: (string | null)[] = [];
  #isBusy = false;
  #isClosed = false;
  /** What it is configured for; it may be over by now. */
  #guest: GuestSession | undefined;
  /** The token that the session was configured with. */
  #token: string | undefined;

  constructor(shared: Shared, connection: Connection, origin: string) {
    const { clock, deployment } = shared;
    this.shared = shared;
    this.origin = origin;
    this.#connection = connection;
    this.#requestRate = createRate(deployment.limits.requestsPerMinute, clock.now);
    this.#healthRate = createRate(deployment.limits.healthChecksPerMinute, clock.now);
    this.#order = createOrder(deployment.switches.order, clock, (frame) => connection.send(frame));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get asker(): Asker {
    return { owner: this.#guest?.session.id ?? "", deployment: this.shared.deployment, origin: this.origin };
  }

  send(frame: Frame): void {
    this.#order.send(frame);
  }

  enter(guest: GuestSession, token: string): void {
    if (this.#guest !== guest) this.leave();
    this.#guest = guest;
    this.#token = token;
    this.#connection.session = guest.session.id;
    guest.attach(this);
  }

  leave(): void {
    this.#guest?.detach(this);
    this.#guest = undefined;
    this.#token = undefined;
  }

  dismiss(reason?: "signedIn"): void {
    this.leave();
    this.send(push("ConnectionClosedEvent", reason ? { reason } : {}));
    if (this.shared.deployment.switches.closesAfterEvent) this.#connection.close(1000, "The connection is closed");
  }

  closed(): void {
    this.#isClosed = true;
    this.#order.stop();
    this.leave();
  }

  /** Requests are answered in turn: what comes while one waits for a check waits, too. */
  receive(text: string | null): void {
    this.#waiting.push(text);
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
      if (this.#isClosed) break;
      try {
        const answer = this.#answer(text);
        // Not awaited when there is nothing to wait for: who sends and looks at once sees the answer.
        const frame = answer instanceof Promise ? await answer : answer;
        if (frame) this.send(frame);
      } catch {
        this.send(refuse(5000, "The request failed"));
      }
    }
    this.#isBusy = false;
  }

  #answer(text: string | null): Answer {
    const request = parseRequest(text);
    const refusal = this.#findRefusal(request);
    if (refusal || isRefused(request)) return refusal;
    switch (request.action) {
      case "configureSession":
        return configure(this, request);
      case "configureAuthenticatedSession":
        return configureAuthenticated(this, request);
      case "getConfiguration":
        return this.#toConfiguration(request);
      case "echo":
        return this.#echo(request);
      default:
        return this.#perform(request);
    }
  }

  /** What stands against a request, whatever it asks. */
  #findRefusal(request: Request | Refused): Frame | undefined {
    const { tracingId } = request;
    const wait = this.#requestRate.take();
    if (wait > 0) return refuseRate(429, "Too many requests on this connection", wait, tracingId);
    if (isRefused(request)) {
      const { code, refused } = request;
      return code === 4020 ? refuseMissing(refused, tracingId) : refuse(code, `Bad request: ${refused}`, tracingId);
    }
    const isTooLong = (request.token ?? "").length > this.shared.deployment.limits.tokenChars;
    return isTooLong ? refuse(400, "Bad request: token", tracingId) : undefined;
  }

  /** What only the guest of this connection may ask. */
  #perform(request: Owned): Answer {
    const { tracingId } = request;
    const guest = this.#findGuest(request);
    if (!guest) return refuse(4007, "Session not found", tracingId);
    if (guest.isOver) {
      this.leave();
      return refuse(4006, "Session has expired", tracingId);
    }
    switch (request.action) {
      case "onMessage":
        return onMessage(this, guest, request);
      case "onAttachment":
        return onAttachment(this, guest, request);
      case "getAttachment":
        return getAttachment(this, request);
      case "deleteAttachment":
        return deleteAttachment(this, request);
      case "getJwt":
        return this.#toJwt(guest, tracingId);
      case "closeSession":
        return closeSession(this, guest, request);
    }
  }

  /** Clients may leave the token of an echo out. */
  #findGuest({ token }: Pick<Request, "token">): GuestSession | undefined {
    return token === undefined || token === this.#token ? this.#guest : undefined;
  }

  #echo({ token, tracingId, message }: Echo): Frame {
    const guest = this.#findGuest({ token });
    if (!guest) return refuse(4007, "Session not found", tracingId);
    if (guest.isOver) {
      this.leave();
      return respond("SessionExpiredEvent", {}, tracingId);
    }
    const wait = this.#healthRate.take();
    if (wait > 0) return refuseRate(429, "Too many health checks on this connection", wait, tracingId);
    const { durationSeconds, expirationDate } = guest.timing;
    const metadata = { durationSeconds: String(durationSeconds), expirationDate: String(expirationDate) };
    const id = toId(this.shared.randomId());
    const body = { text: message?.text ?? "ping", type: "Text", direction: "Inbound", id, metadata };
    return respond("StructuredMessage", body, tracingId);
  }

  #toConfiguration({ deploymentId, tracingId }: GetConfiguration): Frame {
    const { deployment } = this.shared;
    if (deploymentId !== deployment.id) return refuse(404, "Deployment not found", tracingId);
    const body = {
      ...toMediaLimits(deployment),
      maxCustomDataBytes: deployment.limits.customDataBytes,
      messageRoutingEnabled: true,
      sessionDurationSeconds: deployment.limits.sessionSeconds,
    };
    return respond("GetConfigurationResponse", body, tracingId);
  }

  async #toJwt(guest: GuestSession, tracingId: string | undefined): Promise<Frame> {
    const body = await this.shared.history.issue(guest.session.id, this.shared.deployment);
    return respond("JwtResponse", body, tracingId);
  }
}
