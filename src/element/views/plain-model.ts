/** What all views are functions of, and what they may ask for; those in chunks know no more. */
import type { Command } from "../../chat/command.ts";
import type { ChatError } from "../../chat/error.ts";
import type { Message } from "../../chat/message.ts";
import type { Answer } from "../../chat/rich.ts";
import type { ChatState } from "../../chat/state.ts";
import type { ComposerController } from "../composer-controller.ts";
import type { Texts } from "../texts.ts";
import type { Times } from "../times.ts";
import type { TranscriptController } from "../transcript-controller.ts";

/** What the guest chose under a message. */
export interface Reply {
  text: string;
  payload: string;
  /** Absent for a quick reply. */
  answer?: Answer;
}

export interface PlainModel {
  open: boolean;
  state: ChatState;
  /** What is rendered of the messages held. */
  messages: readonly Message[];
  /** Older ones are held and not rendered. */
  more: boolean;
  /** Not live, and for long enough to say so. */
  slow: boolean;
  /** Storage is wanted and blocked. */
  blocked: boolean;
  /** There is no session and none can be had. */
  error: ChatError | undefined;
  composer: ComposerController;
  transcript: TranscriptController;
  /** Ids of messages whose reply was just chosen; the state does not show it yet. */
  replied: ReadonlySet<string>;
  texts: Texts;
  times: Times;
  /** Resolves when it is done, with undefined where it has failed. */
  ask(command: Command): Promise<unknown>;
  reply(message: Message, reply: Reply): void;
  toggle(): void;
  panelKey(event: KeyboardEvent): void;
}
