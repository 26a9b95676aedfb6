/** Consent in a browser: what the panel asks, what it starts, what taking it back leaves, here and in other tabs. */
import { ChatError } from "../../src/chat/error.ts";
import { FakeClient } from "./fake-client.ts";
import { equal, type Found, makeChat, message, ok, SpecChat, until } from "./support.ts";

const REQUIRED = { broker: "/broker", consent: "required" };
const QUESTION = "Shall we talk?";

const kept = () => ({ ...localStorage, ...sessionStorage });
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "kept",
    (error: ChatError) => error.code,
  );

const shows = ({ root }: Found, text: string) => root.querySelector(".panel")?.textContent?.includes(text) ?? false;
const asks = (found: Found) => until(() => shows(found, QUESTION), "the panel asks");

/** Opened, and the question is there. */
async function makeAsking(attributes: Record<string, string> = REQUIRED): Promise<Found> {
  const found = await makeChat(attributes);
  await found.press("Open chat");
  await asks(found);
  await found.settle();
  return found;
}

/** Agreed and live, with a draft and all that a tab keeps. */
async function makeAgreed(attributes: Record<string, string> = REQUIRED): Promise<Found> {
  const found = await makeChat(attributes);
  await found.chat.grantConsent();
  await found.press("Open chat");
  found.chat.client.become({ phase: "live" });
  await found.settle();
  found.chat.client.receive(message("Hello there"));
  await found.write("half a sentence");
  sessionStorage.setItem("genesys-guest-chat:guest-api /broker local", "[]");
  equal(Object.keys(kept()).length, 4);
  return found;
}

describe("before the guest agrees", () => {
  it("the launcher shows, the panel asks with the focus on the question, and nothing is kept or started", async () => {
    const { chat, root, button } = await makeAsking();
    equal(chat.clients.length, 0);
    equal(kept(), {});
    ok(button("Agree and start"), "there is a way to agree");
    equal(root.querySelector("textarea"), null);
    const question = root.activeElement;
    equal(question?.getAttribute("role"), "group");
    const [title, sentence] = ["labelledby", "describedby"].map(
      (name) => root.getElementById(question?.getAttribute(`aria-${name}`) ?? "")?.textContent,
    );
    equal(title, QUESTION);
    ok(
      sentence?.includes("in your browser") && sentence.includes("Genesys Cloud"),
      "it says what is kept and where it goes",
    );
  });

  it("a chat that is open from the start asks without taking the focus", async () => {
    const found = await makeChat({ ...REQUIRED, open: "" });
    await asks(found);
    await found.settle();
    equal(found.root.activeElement, null);
    equal(kept(), {});
  });

  it("Not now closes, and the next opening asks again", async () => {
    const found = await makeAsking();
    await found.press("Not now");
    equal(found.chat.open, false);
    equal(found.root.activeElement, found.button("Open chat"));
    await found.press("Open chat");
    ok(shows(found, QUESTION), "the panel asks");
    equal(found.root.activeElement?.getAttribute("role"), "group");
    equal(found.chat.clients.length, 0);
    equal(kept(), {});
  });

  it("Escape closes, too", async () => {
    const found = await makeAsking();
    await found.key(found.root.activeElement as Element, "Escape");
    equal(found.chat.open, false);
  });

  it("what the page asks for is refused, and what it sets is kept for later", async () => {
    const { chat } = await makeChat({ ...REQUIRED, start: "message" });
    equal(await code(chat.sendMessage("hello")), "CHAT_CONSENT_NEEDED");
    equal(await code(chat.getMetrics()), "CHAT_CONSENT_NEEDED");
    equal(await code(chat.identify({ idToken: "x", nonce: "y" })), "CHAT_CONSENT_NEEDED");
    equal(await code(chat.setAttributes({ cart: 3 })), "kept");
    equal(chat.clients.length, 0);
    await chat.grantConsent();
    equal(await chat.sendMessage("hello"), "sent-2");
    equal(chat.client.options.options.attributes, { cart: 3 });
  });

  it("a value that we do not know asks, `none` does not", async () => {
    for (const consent of ["", "Required", "yes"]) await makeAsking({ broker: "/broker", consent });
    const { chat, press } = await makeChat({ broker: "/broker", consent: "none" });
    await press("Open chat");
    equal(chat.clients.length, 1);
  });

  it("the page's own sentences ask", async () => {
    const found = await makeChat(REQUIRED);
    found.chat.texts = { consentTitle: "Dürfen wir?", consentAgree: "Ja" };
    await found.press("Open chat");
    await until(() => shows(found, "Dürfen wir?"), "the page's title");
    ok(found.button("Ja"), "the page's button");
  });
});

describe("when the guest agrees", () => {
  it("what opening would have started starts, and the focus is in the text box", async () => {
    const { chat, root, press, box } = await makeAsking();
    await press("Agree and start");
    equal(chat.client.asked("open").length, 1);
    equal(root.activeElement, box());
    equal(sessionStorage.getItem("genesys-guest-chat:open"), "1");
  });

  it("or the page says so before it is opened, nothing is asked and nothing starts until then", async () => {
    const { chat, press, box } = await makeChat(REQUIRED);
    await chat.grantConsent();
    equal(chat.clients.length, 0);
    await press("Open chat");
    box();
    equal(chat.client.asked("open").length, 1);
  });

  it("saying it again disturbs nothing", async () => {
    const { chat, write, box } = await makeAgreed();
    await chat.grantConsent();
    await write("more");
    equal([chat.clients.length, chat.client.closed, box().value], [1, false, "more"]);
  });

  it("taking the attribute away is consent, and the draft of the page before is there", async () => {
    sessionStorage.setItem("genesys-guest-chat:draft", "from before");
    const { chat, settle, box } = await makeAsking();
    chat.removeAttribute("consent");
    await settle();
    equal(chat.client.asked("open").length, 1);
    equal(box().value, "from before");
  });

  it("the mark of an open conversation is consent: it could only be written after", async () => {
    localStorage.setItem("genesys-guest-chat", JSON.stringify({ v: 1, until: Date.now() + 1000 }));
    const { chat, press, box } = await makeChat(REQUIRED);
    await until(() => chat.clients.length, "the session is joined");
    await press("Open chat");
    box();
  });
});

describe("revokeConsent", () => {
  it("ends the session, closes, leaves nothing in the page, and asks again", async () => {
    const found = await makeAgreed();
    const { chat, press, text } = found;
    const { client } = chat;
    await chat.revokeConsent();
    equal(client.commands.at(-1)?.type, "terminate");
    equal([client.closed, chat.open, chat.state.phase], [true, false, "idle"]);
    equal(kept(), {});
    await press("Open chat");
    await asks(found);
    equal(text("[aria-live=polite]"), "");
    await press("Agree and start");
    equal(chat.clients.length, 2);
    equal(found.box().value, "");
  });

  it("has erased before it rejects, where the broker cannot be reached", async () => {
    const { chat } = await makeAgreed();
    const { client } = chat;
    client.refusals.set("terminate", new ChatError("CHAT_BROKER_UNREACHABLE"));
    equal(await code(chat.revokeConsent()), "CHAT_BROKER_UNREACHABLE");
    equal([client.closed, chat.open], [true, false]);
    equal(kept(), {});
  });

  it("is a way to forget without consent=required, too", async () => {
    const found = await makeAgreed({ broker: "/broker" });
    await found.chat.revokeConsent();
    equal(found.chat.client.closed, true);
    equal(kept(), {});
    await found.press("Open chat");
    ok(!shows(found, QUESTION), "nothing is asked");
    equal(found.chat.clients.length, 2);
  });

  it("starts nothing where nothing was ever kept, and the session once more where one was", async () => {
    const { databases } = indexedDB;
    const there = ["another"];
    indexedDB.databases = async () => there.map((name) => ({ name }));
    try {
      const { chat } = await makeChat(REQUIRED);
      await chat.revokeConsent();
      equal(chat.clients.length, 0);
      there.push("genesys-guest-chat guest-api /broker local");
      let settle = () => {};
      FakeClient.held = new Promise<void>((resolve) => {
        settle = resolve;
      });
      const revoked = chat.revokeConsent();
      await until(() => chat.clients.length, "the session is joined");
      chat.client.become({ phase: "live" });
      equal(kept(), {});
      chat.client.become({ phase: "ended", epoch: "two" });
      equal(chat.client.closed, false);
      settle();
      await revoked;
      equal(chat.client.commands, [{ type: "terminate" }]);
      equal(kept(), {});
      equal(chat.client.closed, true);
      equal(await code(chat.sendMessage("hello")), "CHAT_CONSENT_NEEDED");
    } finally {
      indexedDB.databases = databases;
      FakeClient.held = undefined;
    }
  });
});

describe("a session that was ended elsewhere", () => {
  it("with consent=required: this tab forgets its draft and asks", async () => {
    const found = await makeAgreed();
    const { chat, root, settle } = found;
    chat.client.messages = [];
    chat.client.become({ phase: "ended", epoch: "two" });
    await asks(found);
    await settle();
    equal(chat.client.closed, true);
    equal(kept(), {});
    equal(root.activeElement?.getAttribute("role"), "group");
  });

  it("else it says that the chat was erased, and offers a new one", async () => {
    const found = await makeAgreed({ broker: "/broker" });
    const { chat, press, settle } = found;
    chat.client.messages = [];
    chat.client.become({ phase: "ended", epoch: "two" });
    await settle();
    ok(shows(found, "This chat was ended and erased."), "it says so");
    equal(kept(), {});
    await press("Start new conversation");
    equal(chat.client.asked("start-new").length, 1);
    chat.client.become({ phase: "live" });
    await settle();
    equal(found.box().value, "");
  });

  it("one that had ended before this tab came is not a second end", async () => {
    const { chat, press, settle } = await makeChat(REQUIRED);
    await chat.grantConsent();
    await press("Open chat");
    chat.client.state = { ...chat.client.state, epoch: "" };
    chat.client.become({});
    chat.client.become({ phase: "ended", epoch: "two" });
    await settle();
    equal(chat.client.closed, false);
    ok(chat instanceof SpecChat, "it is still there");
  });
});
