/** The transcript in a browser: what is shown of messages, scrolling, replies, announcements. */
import { equal, type Found, makeOpenChat, message, ok, until } from "./support.ts";

const log = ({ root }: Found): HTMLElement => {
  const found = root.querySelector<HTMLElement>('[role=log][aria-label="Conversation"]');
  ok(found, "there is no log");
  return found;
};
const isAtEnd = (element: HTMLElement): boolean => element.scrollHeight - element.scrollTop - element.clientHeight < 2;
const bubbles = ({ root }: Found): string[] =>
  [...root.querySelectorAll(".bubble")].map((each) => each.textContent ?? "");
const many = (count: number, at = 0) =>
  Array.from({ length: count }, (_, index) => message(`line ${at + index}`, { sentAt: 1e12 + (at + index) * 1000 }));

describe("messages", () => {
  it("markup in a message is text, and only safe links are links", async () => {
    const found = await makeOpenChat();
    const text = "<img src=x onerror=alert(1)> javascript:alert(1) https://a.example/x?y=1. https://bank@evil.example";
    found.chat.client.receive(message(text));
    await found.settle();
    equal(bubbles(found), [text]);
    await until(() => found.root.querySelector(".bubble a"), "the link is one");
    equal(bubbles(found), [text]);
    equal(found.root.querySelectorAll(".bubble [dir] *").length, 1);
    const link = found.root.querySelector<HTMLAnchorElement>(".bubble a");
    equal([link?.href, link?.rel, link?.target], ["https://a.example/x?y=1", "noopener noreferrer nofollow", "_blank"]);
  });

  it("a group has its name once above and its face at the last bubble", async () => {
    const { chat, root, settle } = await makeOpenChat();
    chat.client.receive(message("one"), message("two"));
    await settle();
    equal(
      [...root.querySelectorAll(".who")].map((each) => each.textContent),
      ["Mira Koch"],
    );
    equal(root.querySelectorAll(".log .face").length, 1);
    equal(root.querySelector(".log .face")?.textContent, "MK");
  });

  it("what happened stands between the messages", async () => {
    const { chat, root, settle } = await makeOpenChat();
    const system = { from: "system", text: undefined } as const;
    chat.client.receive(
      message("", { ...system, happened: "joined" }),
      message("", { ...system, happened: "left" }),
      message("", { ...system, happened: "ended" }),
    );
    await settle();
    equal(
      [...root.querySelectorAll(".sys")].map((each) => each.textContent),
      ["Mira Koch joined", "Mira Koch left", "The conversation has ended"],
    );
  });

  it("delivery stands under the last own bubble, a failure under its own with its ways out", async () => {
    const { chat, root, press, button, settle } = await makeOpenChat();
    const own = { from: "guest", name: undefined } as const;
    const lost = message("lost", { ...own, delivery: "failed", error: { code: "CHAT_MESSAGE_REFUSED" } });
    chat.client.receive(lost, message("a", { ...own, delivery: "sent" }), message("b", { ...own, delivery: "sent" }));
    await settle();
    await until(() => button("Try again"), "there is a way out");
    const states = [...root.querySelectorAll(".state")].map(
      (each) => each.textContent?.replace(/\s+/g, " ").trim() ?? "",
    );
    equal(states.length, 2);
    ok(states[0]?.startsWith("Not sent. This message was not accepted."), states[0] ?? "");
    ok(/^Sent .*\d/.test(states[1] ?? ""), states[1] ?? "");
    await press("Try again");
    await press("Remove");
    equal(chat.client.asked("retry"), [{ type: "retry", message: lost.id }]);
    equal(chat.client.asked("cancel"), [{ type: "cancel", message: lost.id }]);
  });

  it("what may have arrived can be sent again, and cannot be taken away", async () => {
    const { chat, button, press, settle } = await makeOpenChat();
    const doubtful = message("perhaps", { from: "guest", name: undefined, delivery: "unconfirmed" });
    chat.client.receive(doubtful);
    await settle();
    await until(() => button("Send again"), "there is a way out");
    equal(button("Remove"), null);
    await press("Send again");
    equal(chat.client.asked("retry"), [{ type: "retry", message: doubtful.id }]);
  });

  it("Sending is shown after a second", async () => {
    const { chat, root, settle } = await makeOpenChat();
    chat.client.receive(message("on its way", { from: "guest", delivery: "sending" }));
    await settle();
    const state = root.querySelector<HTMLElement>(".state");
    ok(state && getComputedStyle(state).visibility === "hidden", "not at once");
    await until(() => getComputedStyle(state).visibility === "visible", "Sending is shown");
    equal(state.textContent, "Sending");
  });

  it("one quick reply can be chosen, then none", async () => {
    const { chat, press, button, settle } = await makeOpenChat();
    const question = message("Which?", {
      quickReplies: [
        { text: "This", payload: "1" },
        { text: "That", payload: "2" },
      ],
    });
    chat.client.receive(question);
    await settle();
    await press("That");
    equal(chat.client.asked("reply"), [{ type: "reply", to: question.id, text: "That", payload: "2" }]);
    equal([button("This")?.disabled, button("That")?.disabled], [true, true]);
  });

  it("who is writing is shown", async () => {
    const { chat, root } = await makeOpenChat();
    chat.client.become({ typing: { name: "Mira Koch" } });
    await until(() => root.querySelector(".dots"), "the dots are there");
    equal(root.querySelector(".dots")?.getAttribute("aria-label"), "Mira Koch is writing");
  });

  it("what others write is announced in order and once, earlier messages are not (row 29)", async () => {
    const { chat, root } = await makeOpenChat();
    const live = root.querySelector("[aria-live=polite]");
    chat.client.receive(message("two", { sentAt: 2e12 }));
    chat.client.receive(message("three", { sentAt: 2e12 + 1 }), message("mine", { from: "guest", sentAt: 2e12 + 2 }));
    chat.client.receive(message("one", { sentAt: 1e12 }));
    await until(() => live?.textContent, "the announcement is made");
    equal(live?.textContent, "Mira Koch: two\nMira Koch: three");
  });

  it("what is shown is seen", async () => {
    const { chat, settle, press } = await makeOpenChat();
    const first = message("one");
    chat.client.receive(first);
    await settle();
    equal(chat.client.asked("seen"), [{ type: "seen", message: first.id }]);
    await press("Close chat");
    chat.client.receive(message("two"));
    await settle();
    equal(chat.client.asked("seen").length, 1);
  });
});

describe("scrolling", () => {
  it("it stays at the newest", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive(...many(40));
    await found.settle();
    ok(isAtEnd(log(found)), "at the end at first");
    found.chat.client.receive(message("new"));
    await found.settle();
    ok(isAtEnd(log(found)), "still at the end");
  });

  it("it stays at the newest when a phone is turned: the browser tells of the scroll before it tells of the size", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive(...many(40).map((each) => ({ ...each, text: `${each.text} and so on, and on, and on` })));
    await found.settle();
    const element = log(found);
    await until(() => isAtEnd(element), "it is at the end");
    found.chat.style.setProperty("--chat-width", "250px");
    ok(!isAtEnd(element), "a narrower panel has longer texts");
    element.dispatchEvent(new Event("scroll"));
    await until(() => isAtEnd(element), "it is at the end again");
  });

  it("a guest who reads above is not moved, and is told of what is new below", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive(...many(40));
    await found.settle();
    log(found).scrollTop = 500;
    log(found).dispatchEvent(new Event("scroll"));
    found.chat.client.receive(message("new"));
    await found.settle();
    equal(log(found).scrollTop, 500);
    await found.press("New messages");
    ok(isAtEnd(log(found)), "at the end again");
    equal(found.button("New messages"), null);
  });

  // Looked at by what is written: on a busy machine WebKit begins no smooth scroll for seconds, and a place set anew ends any.
  for (const [where, top] of [
    ["in the midst", 500],
    ["at the end", 100_000],
  ] as const) {
    it(`what changes while a guest begins to scroll ${where} does not stop the scroll`, async () => {
      const found = await makeOpenChat();
      found.chat.client.receive(...many(60));
      await found.settle();
      const element = log(found);
      element.scrollTop = top;
      element.dispatchEvent(new Event("scroll"));
      await found.settle();
      let written = 0;
      const { get, set } = Object.getOwnPropertyDescriptor(Element.prototype, "scrollTop") as PropertyDescriptor;
      Object.defineProperty(element, "scrollTop", {
        get,
        set(value) {
          written += 1;
          set?.call(element, value);
        },
      });
      found.chat.client.become({ unread: 1 });
      await found.settle();
      equal(written, 0);
      found.chat.client.receive(message("one more"));
      await found.settle();
      equal(written, top === 500 ? 0 : 1);
    });
  }

  it("an own message goes to the end", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive(...many(40));
    await found.settle();
    log(found).scrollTop = 500;
    log(found).dispatchEvent(new Event("scroll"));
    found.chat.client.receive(message("mine", { from: "guest", delivery: "sending" }));
    await found.settle();
    ok(isAtEnd(log(found)), "at the end");
  });

  it("of a long transcript the newest hundred are rendered, and more above when the guest goes there", async () => {
    const found = await makeOpenChat();
    found.chat.client.receive(...many(300));
    await found.settle();
    equal(bubbles(found).length, 100);
    log(found).scrollTop = 0;
    log(found).dispatchEvent(new Event("scroll"));
    await found.settle();
    ok(bubbles(found).length >= 150, `${bubbles(found).length} are rendered`);
    ok(log(found).scrollTop > 500, "what was read has not moved");
  });

  it("earlier messages come above without moving what is read", async () => {
    const found = await makeOpenChat();
    const { chat } = found;
    chat.client.receive(...many(30, 100));
    chat.client.become({ earlier: true });
    await found.settle();
    log(found).scrollTop = 0;
    log(found).dispatchEvent(new Event("scroll"));
    await found.press("Show earlier messages");
    equal(chat.client.asked("load-earlier").length, 1);
    const top = () => {
      const row = [...found.root.querySelectorAll<HTMLElement>(".row")].find(
        (each) => each.textContent?.trim() === "line 100",
      );
      return (row?.offsetTop ?? Number.NaN) - log(found).scrollTop;
    };
    const before = top();
    chat.client.receive(...many(30, 50));
    await found.settle();
    ok(Math.abs(top() - before) < 2, `moved from ${before} to ${top()}`);
    equal(found.button("New messages"), null);
  });

  it("with a hundred in the page, what is read at the top stays when older ones come above, or new ones below", async () => {
    const found = await makeOpenChat();
    const { chat } = found;
    chat.client.receive(...many(100, 100));
    await found.settle();
    log(found).scrollTop = 0;
    log(found).dispatchEvent(new Event("scroll"));
    await found.settle();
    const top = () => {
      const row = [...found.root.querySelectorAll<HTMLElement>(".row")].find(
        (each) => each.textContent?.trim() === "line 100",
      );
      return (row?.offsetTop ?? Number.NaN) - log(found).scrollTop;
    };
    const before = top();
    chat.client.receive(...many(1, 200));
    await found.settle();
    ok(Math.abs(top() - before) < 2, `a new one moved it from ${before} to ${top()}`);
    chat.client.receive(...many(25, 75));
    await found.settle();
    ok(Math.abs(top() - before) < 2, `older ones moved it from ${before} to ${top()}`);
    equal(bubbles(found).length, 126);
  });
});
