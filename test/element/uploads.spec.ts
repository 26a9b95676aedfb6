/** Files on their way up, in a browser: choosing, dropping, pasting, rows, and sending them. */
import { ChatError } from "../../src/chat/error.ts";
import type { Upload } from "../../src/chat/rich.ts";
import { findings, named, shown } from "./find.ts";
import { equal, makeOpenChat, ok, until } from "./support.ts";

const upload = (name: string, more: Partial<Upload> = {}): Upload => ({
  id: `u-${name}`,
  name,
  mime: "image/png",
  bytes: 1_000_000,
  phase: "uploaded",
  progress: 1,
  ...more,
});
const file = (name = "lamp.png", type = "image/png") => new File(["x"], name, { type });

async function makeTaking(...uploads: Upload[]) {
  const found = await makeOpenChat();
  const rules = { types: ["image/*", "application/pdf"], bytes: 1e7, blocked: [".exe"] };
  found.chat.client.become({ features: ["attachments"], uploadRules: rules, uploads });
  await shown(found, "button", "Attach a file");
  const attached = () => found.chat.client.asked("attach").map((each) => each.file.name);
  return { ...found, attached };
}

/** As the browser tells of files that come by drag and drop or from the clipboard. */
function bring(on: Element, type: string, file: File, text?: string): Event {
  const data = new DataTransfer();
  data.items.add(file);
  if (text) data.setData("text/plain", text);
  const more = { bubbles: true, composed: true, cancelable: true };
  // Firefox takes no files into a clipboard event of a page's own making.
  const event =
    type === "paste"
      ? Object.defineProperty(new Event(type, more), "clipboardData", { value: data })
      : new DragEvent(type, { ...more, dataTransfer: data });
  on.dispatchEvent(event);
  return event;
}

describe("files on their way up", () => {
  it("there is no button where the platform takes none", async () => {
    const found = await makeOpenChat();
    equal(found.button("Attach a file"), null);
    equal(bring(found.box(), "drop", file()).defaultPrevented, false);
    equal(found.chat.client.asked("attach"), []);
  });

  it("several can be chosen at once, of the types that are taken", async () => {
    const found = await makeTaking();
    const input = found.root.querySelector<HTMLInputElement>("input[type=file]") as HTMLInputElement;
    equal([input.accept, input.multiple], ["image/*,application/pdf", true]);
    const data = new DataTransfer();
    data.items.add(file("a.png"));
    data.items.add(file("b.png"));
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    equal(found.attached(), ["a.png", "b.png"]);
  });

  it("they can be dropped anywhere on the panel, which says so", async () => {
    const found = await makeTaking();
    const log = found.root.querySelector(".log") as Element;
    bring(log, "dragenter", file());
    await found.settle();
    equal(found.text(".drop"), "Drop files here");
    ok(bring(log, "dragover", file()).defaultPrevented, "the browser does not open it in place of the page");
    bring(log, "drop", file());
    await found.settle();
    equal(found.root.querySelector(".drop"), null);
    equal(found.attached(), ["lamp.png"]);
  });

  it("a picture can be pasted, and a text is pasted as a text", async () => {
    const found = await makeTaking();
    bring(found.box(), "paste", file("image.png"));
    equal(found.attached(), ["image.png"]);
    const words = new File(["words"], "words.png", { type: "image/png" });
    equal(bring(found.box(), "paste", words, "words").defaultPrevented, false);
    equal(found.attached(), ["image.png"]);
  });

  it("each has a row with its progress, and can be cancelled", async () => {
    const found = await makeTaking(upload("film.png", { phase: "uploading", progress: 0.64 }));
    const bar = named<HTMLProgressElement>(found, "progress", "Uploading film.png");
    equal(bar.value, 0.64);
    ok(/640.*1/.test(found.text(".upload small")), found.text(".upload small"));
    await found.press("Cancel film.png");
    equal(found.chat.client.asked("detach"), [{ type: "detach", upload: "u-film.png" }]);
  });

  it("one that has failed says why, and can be tried again by the tab that has it", async () => {
    const found = await makeTaking();
    bring(found.box(), "drop", file());
    const failed = { phase: "failed", error: { code: "CHAT_MESSAGE_REFUSED" } } as const;
    found.chat.client.become({
      uploads: [upload("lamp.png", { ...failed, bytes: 1 }), upload("other.png", failed)],
    });
    await shown(found, "button", "Try again: lamp.png");
    equal(found.text(".upload small"), "This message was not accepted.");
    equal(found.button("Try again: other.png"), null);
    await found.press("Try again: lamp.png");
    equal(found.chat.client.asked("detach"), [{ type: "detach", upload: "u-lamp.png" }]);
    equal(found.attached(), ["lamp.png", "lamp.png"]);
  });

  it("those who hear the page are told what is up and what has failed, not each percent", async () => {
    const found = await makeTaking(upload("a.png", { phase: "uploading", progress: 0.5 }));
    const news = () => found.root.querySelector(".sr[role=status]")?.textContent ?? "";
    equal(news(), "");
    found.chat.client.become({ uploads: [upload("a.png", { phase: "uploading", progress: 0.6, wanted: "m" })] });
    await found.settle();
    equal(news(), "a.png: Sent when uploaded");
    found.chat.client.become({ uploads: [upload("a.png")] });
    await found.settle();
    ok(news().startsWith("a.png: Ready to send"), news());
  });
});

describe("sending files", () => {
  it("the text goes with the first, every other is a message of its own, and none is sent twice", async () => {
    const failed = upload("c", { phase: "failed", progress: 0, error: { code: "CHAT_OFFLINE" } });
    const found = await makeTaking(upload("a"), upload("b"), failed);
    await found.write("Here they are");
    await found.press("Send message");
    await found.key(found.box(), "Enter");
    equal(found.chat.client.asked("send"), [
      { type: "send", text: "Here they are", attachment: "u-a" },
      { type: "send", text: "", attachment: "u-b" },
    ]);
    equal(
      [...found.root.querySelectorAll(".upload b")].map((each) => each.textContent),
      ["c"],
    );
  });

  it("what is still on its way is sent too: its row stays and says so, and Send sends it once", async () => {
    const half = upload("half", { phase: "uploading", progress: 0.5 });
    const found = await makeTaking(half, upload("up"));
    await found.write("Both");
    await found.press("Send message");
    equal(found.chat.client.asked("send"), [
      { type: "send", text: "Both", attachment: "u-up" },
      { type: "send", text: "", attachment: "u-half" },
    ]);
    found.chat.client.become({ uploads: [{ ...half, wanted: "m" }] });
    await found.settle();
    ok(/Sent when uploaded/.test(found.text(".upload small")), found.text(".upload small"));
    equal(found.button("Send message")?.disabled, true);
    ok(Boolean(found.button("Cancel half")), "it can still be cancelled");
    await found.write("And a word");
    await found.press("Send message");
    equal(found.chat.client.asked("send").at(-1), { type: "send", text: "And a word", attachment: undefined });
  });

  it("a file can be sent without a text, up or not", async () => {
    const found = await makeTaking(upload("a", { phase: "uploading", progress: 0.2 }));
    await found.press("Send message");
    equal(found.chat.client.asked("send"), [{ type: "send", text: "", attachment: "u-a" }]);
    found.chat.client.become({ uploads: [upload("b")] });
    await found.settle();
    await found.press("Send message");
    equal(found.chat.client.asked("send").at(-1), { type: "send", text: "", attachment: "u-b" });
  });

  it("what is refused comes back, the file as the text", async () => {
    const found = await makeTaking(upload("a"));
    found.chat.client.refusals.set("send", new ChatError("CHAT_ENDED"));
    await found.write("Here it is");
    await found.press("Send message");
    await until(() => found.box().value === "Here it is", "the text is back");
    equal(found.root.querySelectorAll(".upload").length, 1);
  });

  it("attach() of the page settles with the uploads' ids", async () => {
    const found = await makeTaking();
    found.chat.client.refusals.set("attach", new ChatError("CHAT_OFFLINE"));
    equal(await found.chat.attach([file()]).catch((error: ChatError) => error.code), "CHAT_OFFLINE");
    equal(found.attached(), ["lamp.png"]);
  });

  it("axe-core has nothing to say about the rows", async () => {
    const found = await makeTaking(
      upload("a.png", { phase: "uploading", progress: 0.3 }),
      upload("b.png"),
      upload("c.png", { phase: "failed", progress: 0, error: { code: "CHAT_OFFLINE" } }),
    );
    equal(await findings(found), []);
  });
});
