/** Dialect: what a simulation has to know of a dialect of Genesys Cloud, and what faults and oracles see of its frames. */
import type { HubOptions } from "../../src/hub/options.ts";
import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { Protocol } from "../../src/session/protocol.ts";
import { guestApi } from "./guest-api.ts";
import type { Script } from "./script.ts";
import { webMessaging } from "./web-messaging.ts";

export type DialectName = "guest-api" | "web-messaging";

/** A frame, whichever the dialect, in the words of the guest API. */
export interface Frame {
  type: string;
  token?: string;
  payload?: {
    /** Of a message: the one that the sandbox's state has. */
    id?: string;
    clientId?: string;
    text?: string;
    from?: string;
    sentAt?: string;
    code?: string;
    inReplyTo?: string;
    /** In seconds. */
    retryAfter?: number;
  };
}

/** What a call of a hub is for. `beside`: nothing that the conversation waits for. */
export type Errand = "credentials" | "profile" | "configuration" | "history" | "beside";

export interface Dialect {
  options: HubOptions;
  /** A second copy of a text is noticed by the server. */
  idempotent: boolean;
  /** It says what it takes: of who keeps to that, nobody need count. */
  tellsLimits: boolean;
  /** So long it may wait for what was missed, once the server has let it in. */
  patienceMs: number;
  /** Codes of its own. */
  closes?: { tokenRefused: number; tooMany: number };
  /** What of the sandbox's options it needs. */
  toSandbox(script: Script): SandboxOptions;
  /** One for each hub. */
  createProtocol(): Protocol;
  read(text: string): Frame;
  toErrand(url: string, method: string): Errand;
  /** How the server sheds load in place of an answer to the first frame: frames, and then a close where it closes. */
  refuse(seconds: number, tracingId?: string): { frame: string; close?: number };
  /** From the id that Genesys gives a message to the one that the sandbox's state has. */
  toId(serverId: string): string;
}

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  "guest-api": guestApi,
  "web-messaging": webMessaging,
};
