/** What a message may hold beside its text, and how a guest answers it. Types only; nothing here is any dialect's. */
import type { ChatErrorData } from "./error.ts";

/** A file in a message. */
export interface Attachment {
  /** Genesys'. */
  id: string;
  name: string;
  /** A signed link that runs out; absent until it is known. */
  url?: string;
  /** MIME type. */
  mime?: string;
  bytes?: number;
}

/** A file on its way up, or up and not yet in a message. */
export interface Upload {
  /** Ours: of the command that asked for it. */
  id: string;
  /** Genesys', once it was asked to take it; another one at each attempt. */
  attachment?: string;
  name: string;
  mime: string;
  bytes: number;
  phase: "uploading" | "uploaded" | "failed";
  /** 0 to 1. */
  progress: number;
  /** The guest has pressed Send: it goes by itself when it is up, as the message of this id. */
  wanted?: string;
  /** Why `phase` is `failed`. */
  error?: ChatErrorData;
}

/** Which files the platform takes. */
export interface UploadRules {
  /** MIME types, with wildcards such as `image/*`. */
  types: readonly string[];
  /** Of the largest file. */
  bytes: number;
  /** Extensions that are refused, in lower case, each with its dot. */
  blocked: readonly string[];
}

export type Content = Cards | DatePicker | ListPicker | Form;

/** One card, or several in a carousel. */
export interface Cards {
  type: "cards";
  cards: Card[];
}

export interface Card {
  title: string;
  description?: string;
  imageUrl?: string;
  /** What the card as a whole opens. */
  url?: string;
  actions: CardAction[];
}

export type CardAction = { type: "link"; text: string; url: string } | { type: "reply"; text: string; payload: string };

/** What stands above a picker or a form before it is answered. */
export interface Heading {
  title?: string;
  subtitle?: string;
  imageUrl?: string;
}

export interface DatePicker extends Heading, Dates {
  type: "date-picker";
}

/** Times to choose from, or any day of a span. */
export interface Dates {
  /** ms since the epoch. */
  times: { at: number; durationMs?: number }[];
  /** ms since the epoch; of the days that may be chosen where there are no times. */
  earliest?: number;
  latest?: number;
}

export interface ListPicker extends Heading {
  type: "list-picker";
  buttonText?: string;
  sections: ListSection[];
}

export interface ListSection {
  title?: string;
  /** More than one may be chosen. */
  multiple: boolean;
  items: ListItem[];
}

export interface ListItem extends Heading {
  id: string;
  title: string;
}

export interface Form extends Heading {
  type: "form";
  /** Genesys' canned response; goes back with the answer. */
  cannedResponseId?: string;
  /** Shown before the first page. */
  introduction?: Heading & { buttonText?: string };
  pages: FormPage[];
  /** All answers are shown again before they are sent. */
  showSummary: boolean;
  /** What the guest's message says once the form is sent. */
  sentText?: string;
}

export interface FormPage extends Heading {
  fields: FormField[];
}

export type FormField = Heading & { id: string; required: boolean } & (
    | { type: "text"; multiline: boolean; placeholder?: string; keyboard?: string; autocomplete?: string }
    | ({ type: "date" } & Dates)
    | { type: "list"; sections: ListSection[] }
    | { type: "wheel"; items: ListItem[] }
  );

/** What a reply answers where it is no quick reply. */
export type Answer =
  | { type: "card" }
  /** The payload is ISO 8601, UTC. */
  | { type: "date" }
  /** The reply's own payload has those of the items, a line each. */
  | { type: "list"; items: { text: string; payload: string }[] }
  /** The reply's own payload is `cannedResponseId`, or `form`. */
  | { type: "form"; cannedResponseId?: string; fields: { id: string; text: string; payload: string }[] };
