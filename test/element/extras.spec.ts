/** What only some deployments offer, in a browser: clearing, signing in, the notice before the end, taking over. */
import type { ChatErrorCode } from "../../src/chat/error.ts";
import { findings, shown } from "./find.ts";
import { equal, makeOpenChat, message, ok, until } from "./support.ts";

describe("the menu", () => {
  it("is not there where there is nothing in it", async () => {
    const found = await makeOpenChat();
    equal(found.button("More"), null);
  });

  it("clears the conversation, once the guest is sure", async () => {
    const found = await makeOpenChat();
    found.chat.client.become({ features: ["clear"] });
    found.chat.client.receive(message("Hello"));
    await shown(found, "button", "More");
    await found.press("More");
    await found.press("Clear conversation");
    equal(found.chat.client.asked("clear"), []);
    await until(() => found.root.activeElement === found.button("Keep"), "the focus is on what does no harm");
    equal(await findings(found), []);
    await found.press("Clear");
    equal(found.chat.client.asked("clear").length, 1);
    equal(found.button("Clear"), null);
  });

  it("Escape closes it and not the chat, and the focus is back on its button", async () => {
    const found = await makeOpenChat();
    found.chat.client.become({ features: ["clear"] });
    await shown(found, "button", "More");
    await found.press("More");
    const first = await until(() => found.button("Clear conversation"), "it is open");
    await found.key(first, "Escape");
    equal([found.button("Clear conversation"), found.chat.open], [null, true]);
    await until(() => found.root.activeElement === found.button("More"), "the focus is back");
  });

  it("Escape on its button closes it too, and only then the chat", async () => {
    const found = await makeOpenChat();
    found.chat.client.become({ features: ["clear"] });
    const more = await shown(found, "button", "More");
    await found.press("More");
    await until(() => found.button("Clear conversation"), "it is open");
    await found.key(more, "Escape");
    equal([found.button("Clear conversation"), found.chat.open], [null, true]);
    await found.key(more, "Escape");
    equal(found.chat.open, false);
  });

  it("of a conversation that is over still clears it, and offers nothing else", async () => {
    const found = await makeOpenChat();
    found.chat.client.become({ features: ["clear", "signIn"] });
    await shown(found, "button", "More");
    found.chat.client.become({ phase: "readonly" });
    await found.settle();
    await found.press("More");
    equal(found.button("Sign in"), null);
    await found.press("Clear conversation");
    await found.press("Clear");
    equal(found.chat.client.asked("clear").length, 1);
    found.chat.client.become({ features: ["signIn"] });
    await found.settle();
    equal(found.button("More"), null);
  });

  it("asks the page to sign the guest in, and signs out", async () => {
    const found = await makeOpenChat();
    const asked: string[] = [];
    document.addEventListener("chat-sign-in", ({ type }) => asked.push(type), { once: true });
    found.chat.client.become({ features: ["signIn"], signedIn: false });
    await shown(found, "button", "More");
    await found.press("More");
    await found.press("Sign in");
    equal(asked, ["chat-sign-in"]);
    found.chat.client.become({ signedIn: true });
    await found.press("More");
    await found.press("Sign out");
    equal(found.chat.client.asked("sign-out").length, 1);
  });
});

describe("a guest whom Genesys asks to sign in again", () => {
  it("reads so, and the button asks the page for it", async () => {
    const found = await makeOpenChat();
    const asked: Event[] = [];
    document.addEventListener("chat-sign-in", (event) => asked.push(event), { once: true });
    const guest = "Please sign in again to go on.";
    found.chat.client.become({ phase: "failed", reason: { code: "CHAT_SIGN_IN_NEEDED", guest } });
    await shown(found, "button", "Sign in");
    ok(found.root.textContent?.includes(guest), "it says so");
    await found.press("Sign in");
    equal(
      asked.map(({ target, bubbles, composed }) => [target === found.chat, bubbles, composed]),
      [[true, true, true]],
    );
    equal(await findings(found), []);
    found.chat.client.become({ phase: "live", reason: undefined });
    await found.settle();
    equal(found.button("Sign in"), null);
  });
});

describe("before the end", () => {
  it("the guest is told when five minutes are left, not earlier", async () => {
    const found = await makeOpenChat({ broker: "/broker", lang: "en" });
    found.chat.client.become({ expiresAt: Date.now() + 20 * 60_000 });
    await until(() => found.root.querySelector(".news"), "what tells is there");
    equal(found.text(".news"), "");
    found.chat.client.become({ expiresAt: Date.now() + 4.5 * 60_000 });
    await found.settle();
    equal(found.text(".news[role=status]"), "This chat ends in 5 minutes unless you write.");
  });

  it("it is told by itself as time passes", async () => {
    const found = await makeOpenChat({ broker: "/broker", lang: "en" });
    found.chat.client.become({ expiresAt: Date.now() + 5 * 60_000 + 200 });
    await until(() => found.text(".news").startsWith("This chat ends in"), "it is told");
  });
});

describe("moved elsewhere", () => {
  it("the guest can go on here", async () => {
    const found = await makeOpenChat();
    found.chat.client.become({ phase: "waiting", reason: { code: "CHAT_MOVED" as ChatErrorCode } });
    await shown(found, "button", "Continue here");
    await found.press("Continue here");
    equal(found.chat.client.asked("take-over").length, 1);
    ok(found.chat.open, "the chat is open");
  });
});
