/** The composer in a browser: sending, the limit, what comes back, typing. */
import { ChatError } from "../../src/chat/error.ts";
import { charactersOver } from "../../src/element/composer-controller.ts";
import { equal, makeOpenChat, ok } from "./support.ts";

describe("the composer", () => {
  it("Enter sends and empties the box", async () => {
    const { chat, box, write, key } = await makeOpenChat();
    await write("  hello ");
    await key(box(), "Enter");
    equal(chat.client.asked("send"), [{ type: "send", text: "hello" }]);
    equal([box().value, sessionStorage.getItem("genesys-guest-chat:draft")], ["", null]);
  });

  it("Shift+Enter and an Enter that chooses in an input method do not send", async () => {
    const { chat, box, write, key } = await makeOpenChat();
    await write("hello");
    await key(box(), "Enter", { shiftKey: true });
    await key(box(), "Enter", { isComposing: true });
    equal(chat.client.asked("send").length, 0);
  });

  it("nothing but white space is not sent", async () => {
    const { chat, box, write, key, button } = await makeOpenChat();
    await write(" \n ");
    await key(box(), "Enter");
    equal(chat.client.asked("send").length, 0);
    equal(button("Send message")?.disabled, true);
  });

  it("a text over the limit stays, with how much is too long, until it fits", async () => {
    const { chat, box, write, key, text } = await makeOpenChat();
    await write("é".repeat(52));
    await key(box(), "Enter");
    equal(text("[role=alert]"), "This message is too long. Characters to remove: 2.");
    equal([box().value.length, chat.client.asked("send").length], [52, 0]);
    await write("é".repeat(50));
    equal(text("[role=alert]"), "");
    await key(box(), "Enter");
    equal(chat.client.asked("send").length, 1);
  });

  it("a text that is refused comes back with the reason, before what was typed since", async () => {
    const { chat, box, write, key, text, settle } = await makeOpenChat();
    chat.client.refusals.set("send", new ChatError("CHAT_ENDED"));
    await write("first");
    const sent = key(box(), "Enter");
    await sent;
    await settle();
    equal(box().value, "first");
    equal(text("[role=alert]"), "This conversation is over. Start a new one to go on.");
  });

  it("the box grows with the text, to an end", async () => {
    const { box, write } = await makeOpenChat();
    const low = box().clientHeight;
    await write("1\n2\n3");
    const high = box().clientHeight;
    ok(high > low + 30, `three lines are higher than one: ${low}, ${high}`);
    await write("line\n".repeat(40));
    ok(box().clientHeight <= 140, "not beyond the limit");
    await write("");
    equal(box().clientHeight, low);
  });

  it("typing is signalled once for a run of keys, and its end when the box is emptied", async () => {
    const { chat, write } = await makeOpenChat();
    for (const text of ["h", "he", "hel"]) await write(text);
    equal(chat.client.asked("typing"), [{ type: "typing", on: true }]);
    await write("");
    equal(chat.client.asked("typing").at(-1), { type: "typing", on: false });
  });

  it("typing is not signalled without a connection", async () => {
    const { chat, write } = await makeOpenChat();
    chat.client.become({ phase: "waiting" });
    await write("hello");
    equal(chat.client.asked("typing").length, 0);
  });

  it("sendMessage resolves with the id, and rejects what is empty or too long", async () => {
    const { chat } = await makeOpenChat();
    ok((await chat.sendMessage("hello")).startsWith("sent-"), "an id");
    const code = (error: ChatError) => error.code;
    equal(await chat.sendMessage(" ").catch(code), "CHAT_TEXT_EMPTY");
    equal(await chat.sendMessage("x".repeat(101)).catch(code), "CHAT_TEXT_TOO_LONG");
  });

  it("the limit is counted in bytes and told in characters", () => {
    equal(charactersOver("abc", 3), 0);
    equal(charactersOver("ab😀", 5), 1);
    equal(charactersOver("😀😀😀", 8), 1);
    equal(charactersOver("abc", undefined), 0);
  });
});
