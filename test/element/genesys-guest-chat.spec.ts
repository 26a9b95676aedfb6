/** The element in a browser: opening and closing, focus, configuration, life cycle, what survives the page. */

import type { ChatError } from "../../src/chat/error.ts";
import { toSessionKey } from "../../src/hub/options.ts";
import { equal, makeChat, makeOpenChat, message, ok, until } from "./support.ts";

const listen = (target: EventTarget, ...types: string[]): Event[] => {
  const events: Event[] = [];
  for (const type of types) target.addEventListener(type, (event) => events.push(event));
  return events;
};

describe("opening and closing", () => {
  it("a chat that nobody opens asks for nothing", async () => {
    const { chat, button } = await makeChat();
    equal(chat.clients.length, 0);
    ok(button("Open chat"), "the launcher is shown");
    equal(localStorage.length + sessionStorage.length, 0);
  });

  it("the launcher opens the dialog, the focus is in the text box, the session is asked to be live", async () => {
    const { chat, root, press, box } = await makeChat();
    const events = listen(document, "chat-open");
    await press("Open chat");
    equal(chat.open, true);
    equal(root.querySelector("[role=dialog]")?.getAttribute("aria-label"), "Chat");
    equal(root.activeElement, box());
    equal(chat.client.asked("open").length, 1);
    equal(chat.client.asked("visible"), [{ type: "visible", on: true }]);
    equal(events.length, 1);
  });

  it("exactly one button is called Close chat", async () => {
    const { root } = await makeOpenChat();
    equal(root.querySelectorAll('[aria-label="Close chat"]').length, 1);
  });

  it("Escape closes and gives the focus back to the launcher", async () => {
    const { chat, root, button, box, key } = await makeOpenChat();
    const events = listen(document, "chat-close");
    await key(box(), "Escape");
    equal(chat.open, false);
    equal(root.activeElement, button("Open chat"));
    equal(chat.client.asked("visible").at(-1), { type: "visible", on: false });
    equal(events.length, 1);
  });

  it("without a launcher the focus goes back to where it was", async () => {
    const own = document.createElement("button");
    document.body.append(own);
    own.focus();
    const { chat, box, key } = await makeChat({ broker: "/broker", launcher: "off" });
    await chat.openChat();
    await key(box(), "Escape");
    equal(document.activeElement, own);
  });

  it("keys typed in the chat are not short cuts of the page", async () => {
    const { box, key } = await makeOpenChat();
    const keys = listen(document, "keydown");
    await key(box(), "k");
    equal(keys.length, 0);
  });

  it("with start=message nothing begins before the first message", async () => {
    const { chat, press, write } = await makeChat({ broker: "/broker", start: "message" });
    await press("Open chat");
    equal(chat.client.asked("open").length, 0);
    await write("hello");
    await press("Send message");
    equal(
      chat.client.commands.map(({ type }) => type).filter((type) => type !== "visible"),
      ["open", "send"],
    );
  });

  it("the badge counts what is unread while the chat is closed", async () => {
    const { chat, press, text, settle } = await makeOpenChat();
    await press("Close chat");
    const events = listen(document, "chat-unread");
    chat.client.become({ unread: 3 });
    await settle();
    equal(text(".badge"), "3");
    chat.client.become({ unread: 120 });
    await settle();
    equal(text(".badge"), "99+");
    equal(events.length, 2);
  });
});

describe("a wrong configuration", () => {
  const reports = async (
    attributes: Record<string, string>,
  ): Promise<{ code: string; shown: string; told: string[] }> => {
    const told: string[] = [];
    const { error } = console;
    console.error = (...parts: string[]) => told.push(parts.join(" "));
    try {
      const errors = listen(document, "chat-error") as (Event & { error: ChatError })[];
      const { press, text } = await makeChat(attributes);
      await press("Open chat");
      await press("Close chat");
      await press("Open chat");
      await until(() => told.length, "the console tells of it");
      return { code: errors[0]?.error.code ?? "", shown: text("[role=alert]"), told };
    } finally {
      console.error = error;
    }
  };

  it("neither broker nor deployment is told to the owner once, and to the guest in the panel", async () => {
    const { code, shown, told } = await reports({});
    equal(code, "CHAT_CONFIGURATION");
    equal(shown, "The chat is not set up on this page yet.");
    equal(told.length, 1);
    ok(told[0]?.includes("set `broker`"), "the console says what to do");
  });

  it("a deployment without a region is refused", async () => {
    const { code, told } = await reports({ "deployment-id": "x" });
    equal(code, "CHAT_CONFIGURATION");
    ok(told[0]?.includes("no `environment`"), "the console names the attribute");
  });

  it("a broker that is no URL is refused", async () => {
    equal((await reports({ broker: "javascript:1" })).code, "CHAT_CONFIGURATION");
  });

  it("methods reject with the same error and throw nothing", async () => {
    const { error } = console;
    console.error = () => {};
    const { chat } = await makeChat({});
    const refused = await chat.sendMessage("hello").catch((reason: ChatError) => reason.code);
    console.error = error;
    equal(refused, "CHAT_CONFIGURATION");
  });

  it("a broker that is set later makes the open chat work", async () => {
    const { error } = console;
    console.error = () => {};
    const { chat, press, settle, box } = await makeChat({});
    await press("Open chat");
    console.error = error;
    chat.broker = "https://broker.example/";
    await settle();
    equal(toSessionKey(chat.client.options.options), "guest-api https://broker.example local");
    ok(box(), "the text box is there");
  });
});

describe("the element's life", () => {
  it("moving the element keeps its session, removing it lets go of it (row 59)", async () => {
    const { chat, settle } = await makeOpenChat();
    const place = document.createElement("div");
    document.body.append(place);
    place.append(chat);
    await settle();
    equal([chat.clients.length, chat.client.closed], [1, false]);
    chat.remove();
    await settle();
    equal(chat.client.closed, true);
  });

  it("an open chat that is put back into the page works again (row 59)", async () => {
    const { chat, settle } = await makeOpenChat();
    chat.remove();
    await settle();
    document.body.append(chat);
    await settle();
    equal(chat.clients.length, 2);
    equal(chat.client.asked("open").length, 1);
  });

  it("open is kept over a page change and takes no focus from the next page", async () => {
    const first = await makeOpenChat();
    first.chat.remove();
    const { chat, settle } = await makeChat();
    await settle();
    equal(chat.open, true);
    equal(document.activeElement, document.body);
    equal(chat.client.asked("open").length, 1);
  });

  it("a draft is kept over a page change", async () => {
    const first = await makeOpenChat();
    await first.write("half a thought");
    first.chat.remove();
    const { box, settle } = await makeChat();
    await settle();
    equal(box().value, "half a thought");
  });

  it("storage=memory writes nothing on the page's origin", async () => {
    const { write } = await makeOpenChat({ broker: "/broker", storage: "memory" });
    await write("half a thought");
    equal(localStorage.length + sessionStorage.length, 0);
  });

  it("an open conversation is marked on the site and found again without being opened", async () => {
    await makeOpenChat();
    const mark = JSON.parse(localStorage.getItem("genesys-guest-chat") ?? "{}");
    equal(mark.v, 1);
    ok(mark.until > Date.now() + 6 * 86_400_000, "for a week");
    sessionStorage.clear();
    document.body.replaceChildren();
    const { chat, settle } = await makeChat();
    await settle();
    equal([chat.open, chat.clients.length], [false, 1]);
    equal(chat.client.asked("open").length, 0);
    chat.client.become({ phase: "ended" });
    equal(localStorage.length, 0);
  });

  it("blocked storage breaks nothing (row 47)", async () => {
    const { getItem, setItem, removeItem } = Storage.prototype;
    const refuse = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    Object.assign(Storage.prototype, { getItem: refuse, setItem: refuse, removeItem: refuse });
    try {
      const { write, box, chat, settle, text } = await makeOpenChat();
      await write("still here");
      equal(box().value, "still here");
      chat.client.become({ durable: false });
      await settle();
      ok(text(".sys").includes("blocks storage"), "the guest is told");
    } finally {
      Object.assign(Storage.prototype, { getItem, setItem, removeItem });
    }
  });

  it("a listener of the page that throws does not break the chat (row 83)", async () => {
    const { chat, settle, text } = await makeOpenChat();
    // The page's own handler reports it; the runner must not take it for a failure.
    const { onerror } = window;
    window.onerror = () => true;
    chat.addEventListener("chat-message", () => {
      throw new Error("of the page");
    });
    chat.client.receive(message("hello"));
    await settle();
    window.onerror = onerror;
    equal(text(".bubble"), "hello");
  });

  it("the state is a frozen copy", async () => {
    const { chat } = await makeOpenChat();
    ok(Object.isFrozen(chat.state), "frozen");
    equal(chat.state.phase, "live");
    ok(chat.state !== chat.client.state, "a copy");
  });
});

describe("phases", () => {
  it("a quick reconnect is not told, a long one is (row 6)", async () => {
    const { chat, settle, text } = await makeOpenChat();
    chat.client.receive(message("hello"));
    chat.client.become({ phase: "waiting" });
    await settle();
    equal(text("[role=status]"), "");
    await until(
      () => text("[role=status]") === "Reconnecting. What you write is kept and will be sent.",
      "the notice is shown",
    );
    chat.client.become({ phase: "live" });
    await settle();
    equal(text("[role=status]"), "");
  });

  it("a failure says why and offers to try again", async () => {
    const { error } = console;
    const told: string[] = [];
    console.error = (line: string) => told.push(line);
    const { chat, press, text, settle } = await makeOpenChat();
    chat.client.become({ phase: "failed", reason: { code: "CHAT_NOT_ALLOWED" } });
    console.error = error;
    await settle();
    equal(text("[role=status]"), "The chat is not available on this page.");
    await press("Try again");
    equal(told.length, 1);
    equal(chat.client.asked("open").length, 2);
  });

  it("a conversation that is over locks the composer and offers a new one", async () => {
    const { chat, press, root, settle } = await makeOpenChat();
    chat.client.become({ phase: "readonly" });
    await settle();
    equal(root.querySelector("textarea"), null);
    await press("Start new conversation");
    equal(chat.client.asked("start-new").length, 1);
    chat.client.become({ phase: "live" });
    await settle();
    equal(root.activeElement, root.querySelector("textarea"));
  });

  it("phases are told to the page", async () => {
    const phases = listen(document, "chat-phase") as (Event & { phase: string })[];
    const { chat } = await makeOpenChat();
    chat.client.become({ phase: "waiting" });
    equal(
      phases.map(({ phase }) => phase),
      ["live", "waiting"],
    );
  });
});
