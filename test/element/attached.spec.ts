/** Files in messages in a browser: pictures, rows, links that have run out. */
import { ChatError } from "../../src/chat/error.ts";
import type { Attachment } from "../../src/chat/rich.ts";
import { findings, named, shown } from "./find.ts";
import { equal, makeOpenChat, message, ok, until } from "./support.ts";

const PDF: Attachment = {
  id: "a1",
  name: "invoice.pdf",
  mime: "application/pdf",
  bytes: 640_000,
  url: "https://files.example/1",
};
/** From where the page is; there is nothing. */
const PICTURE: Attachment = {
  id: "a2",
  name: "lamp.png",
  mime: "image/png",
  bytes: 1000,
  url: `${location.origin}/gone.png`,
};

async function makeWith(...attachments: Attachment[]) {
  const found = await makeOpenChat({ broker: "/broker", lang: "en" });
  const sent = message("", { attachments });
  found.chat.client.receive(sent);
  await until(() => found.root.querySelector(".files"), "the files are shown");
  return { ...found, sent };
}

const chat = ({ chat }: Awaited<ReturnType<typeof makeOpenChat>>) => chat.client;

describe("files in messages", () => {
  it("a file is a link with its name, kind and size, and goes nowhere that is not safe", async () => {
    const found = await makeWith(PDF, { ...PDF, id: "a3", name: "evil.pdf", url: "javascript:alert(1)" });
    const links = [...found.root.querySelectorAll<HTMLAnchorElement>("a.file")];
    equal(
      links.map(({ href, rel, target }) => [href, rel, target]),
      [["https://files.example/1", "noopener noreferrer", "_blank"]],
    );
    const size = new Intl.NumberFormat("en", { style: "unit", unit: "kilobyte" }).format(640);
    ok(links[0]?.textContent?.includes(`File, ${size}`), links[0]?.textContent ?? "");
    ok(links[0]?.textContent?.includes("invoice.pdf"), "it has its name");
    equal(found.root.querySelector(".bubble"), null);
  });

  it("a picture has its name and its shape before it has come", async () => {
    const found = await makeWith({ ...PICTURE, url: "https://files.example/never.png" });
    const picture = found.root.querySelector("img.x, .shot img") as HTMLImageElement;
    equal([picture.alt, picture.loading, picture.referrerPolicy], ["lamp.png", "lazy", "no-referrer"]);
    const { width, height } = (picture.closest(".shot") as Element).getBoundingClientRect();
    ok(Math.abs(width / height - 4 / 3) < 0.05, `${width} by ${height}`);
    named(found, "a", "Open lamp.png (opens in a new tab)");
  });

  it("a picture whose link has run out is asked for again, once; then it is a row as any file", async () => {
    const found = await makeWith(PICTURE);
    const { chat, sent } = found;
    await until(() => chat.client.asked("refresh-link").length === 1, "a fresh link is asked for");
    equal(chat.client.asked("refresh-link"), [{ type: "refresh-link", attachment: "a2" }]);
    chat.client.receive({ ...sent, attachments: [{ ...PICTURE, url: `${location.origin}/gone-too.png` }] });
    await until(() => found.root.querySelector("a.file"), "it is a row");
    equal(chat.client.asked("refresh-link").length, 1);
  });

  it("a file without a link gets one when it is asked for, and opens by itself", async () => {
    const found = await makeWith({ ...PDF, url: undefined });
    const { chat, sent, root } = found;
    const opened: unknown[] = [];
    const { open } = window;
    window.open = (...args) => {
      opened.push(args[0]);
      return null;
    };
    try {
      root.querySelector<HTMLButtonElement>("button.file")?.click();
      await found.settle();
      equal(chat.client.asked("refresh-link"), [{ type: "refresh-link", attachment: "a1" }]);
      ok(found.text(".file").includes("One moment"), "the guest is told to wait");
      chat.client.receive({ ...sent, attachments: [PDF] });
      await until(() => opened.length, "it opens");
      equal(opened, [PDF.url]);
    } finally {
      window.open = open;
    }
  });

  it("a link that came with a message of an hour ago has run out after a reload: another is asked for before it opens", async () => {
    const found = await makeOpenChat({ broker: "/broker", lang: "en" });
    found.chat.client.receive(message("", { attachments: [PDF], sentAt: Date.now() - 3_600_000 }));
    const link = await until(() => found.root.querySelector<HTMLAnchorElement>("a.file"), "it is shown");
    const click = new MouseEvent("click", { cancelable: true, bubbles: true });
    link.dispatchEvent(click);
    ok(click.defaultPrevented, "nobody is led to a page that says no");
    await until(() => chat(found).asked("refresh-link").length === 1, "a fresh link is asked for");
    link.dispatchEvent(new MouseEvent("click", { cancelable: true, bubbles: true }));
    await until(() => chat(found).asked("refresh-link").length === 2, "the guest can ask again");
  });

  it("a file that cannot be had says so, and can be asked for again", async () => {
    const found = await makeWith({ ...PDF, url: undefined });
    const { chat, root } = found;
    chat.client.refusals.set("refresh-link", new ChatError("CHAT_OFFLINE"));
    root.querySelector<HTMLButtonElement>("button.file")?.click();
    await until(() => found.text(".file").includes("Please try again"), "the guest is told");
    chat.client.refusals.clear();
    root.querySelector<HTMLButtonElement>("button.file")?.click();
    await until(() => found.text(".file").includes("One moment"), "it is asked for again");
  });

  it("one's own on its way is shown without a link", async () => {
    const found = await makeOpenChat({ broker: "/broker", lang: "en" });
    found.chat.client.receive(
      message("", {
        from: "guest",
        name: undefined,
        delivery: "sending",
        attachments: [{ id: "a9", name: "song.mp3", mime: "audio/mpeg", bytes: 5_600_000 }],
      }),
    );
    await until(() => found.text(".file").includes("song.mp3"), "it is shown");
    equal(found.root.querySelectorAll("a.file, button.file").length, 0);
    ok(found.text(".file").includes("Audio"), "with what it is");
  });

  it("axe-core has nothing to say about them", async () => {
    const found = await makeWith(PDF, { ...PICTURE, url: "https://files.example/never.png" });
    await shown(found, "a", "Open lamp.png (opens in a new tab)");
    equal(await findings(found), []);
  });
});

describe("Markdown", () => {
  it("of others is shown as what it means, of the guest as it was written", async () => {
    const found = await makeOpenChat({ broker: "/broker", lang: "en" });
    found.chat.client.become({ markdown: true });
    found.chat.client.receive(
      message("**Bold** and <b>text</b>\n- one\n- [two](https://a.example/)"),
      message("**mine**", { from: "guest", name: undefined }),
    );
    await until(() => found.root.querySelector(".bubble strong"), "bold is bold");
    const [theirs, own] = [...found.root.querySelectorAll(".bubble")];
    equal(theirs?.querySelectorAll("li").length, 2);
    equal(theirs?.querySelector("b"), null);
    equal(theirs?.querySelector("a")?.rel, "noopener noreferrer nofollow");
    equal(own?.textContent, "**mine**");
  });
});
