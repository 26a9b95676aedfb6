/** Ends of ports for hub tests: a tab that keeps what it is told, and everything that ever crossed. */
import { apply, type Chat, sortedMessages } from "../../src/chat/chat.ts";
import type { Command } from "../../src/chat/command.ts";
import { initialState } from "../../src/chat/state.ts";
import type { Hub } from "../../src/hub/hub.ts";
import type { GuestApiHubOptions } from "../../src/hub/options.ts";
import {
  type HubPort,
  PORT_VERSION,
  type Settled,
  type TabPort,
  type Update,
  type Upward,
} from "../../src/hub/port.ts";
import { createPortPair } from "../../src/hub/port-pair.ts";
import { settle } from "../support/fake-platform.ts";

export const OPTIONS: GuestApiHubOptions = {
  protocol: "guest-api",
  broker: "http://broker.test",
  route: "sales",
  attributes: {},
  storage: "local",
};

export interface FakeTab {
  updates: Update[];
  settled: Record<string, Settled>;
  readonly chat: Readonly<Chat>;
  texts(): (string | undefined)[];
  /** Anything, as it is. */
  post(message: unknown): Promise<void>;
  ask(command: Command, id: string, epoch?: string): Promise<Settled | undefined>;
}

/** A tab on a port of its own that has not joined yet. */
export function openTab(hub: Hub): FakeTab {
  const [tabPort, hubPort] = createPortPair<Upward, Update>();
  hub.accept(hubPort as HubPort);
  const updates: Update[] = [];
  const settled: Record<string, Settled> = {};
  const chat: Chat = { state: initialState(), messages: new Map() };
  tabPort.listen((update) => {
    updates.push(update);
    if (update.reset) chat.messages.clear();
    apply(chat, update);
    Object.assign(settled, update.settled);
  });
  const tab: FakeTab = {
    updates,
    settled,
    chat,
    texts: () => sortedMessages(chat).map(({ happened, text }) => text ?? happened),
    async post(message) {
      tabPort.post(message as Upward);
      await settle();
    },
    async ask(command, id, epoch) {
      await tab.post({ id, command, at: Date.parse("2026-11-22T12:00:00Z"), epoch });
      return settled[id];
    },
  };
  return tab;
}

export const joinOf = (tab: string, options: object = OPTIONS, portVersion = PORT_VERSION) => ({
  type: "join",
  portVersion,
  tab,
  options,
});

export async function joinTab(hub: Hub, name = "tab"): Promise<FakeTab> {
  const tab = openTab(hub);
  await tab.post(joinOf(name));
  return tab;
}

/** The same port, with all that is posted on it either way written down as text. */
export function recorded(port: TabPort, crossed: string[]): TabPort {
  return {
    ...port,
    post(message) {
      crossed.push(JSON.stringify(message));
      port.post(message);
    },
    listen: (listener) =>
      port.listen((update) => {
        crossed.push(JSON.stringify(update));
        listener(update);
      }),
  };
}
