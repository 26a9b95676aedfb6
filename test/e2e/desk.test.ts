/** Desk and chat driven together: what one side does, the other sees. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { demoDeployment } from "../../src/sandbox/web-messaging/demo-deployment.ts";
import { readFixture } from "../support/fixtures.ts";
import { SecondClient } from "../support/second-client.ts";
import { eventually, type Guest, openChat, type Site, say, shown, transcript, useSite } from "../support/site.ts";

/** What earlier tests have left. */
const endAll = async (site: Site): Promise<void> => {
  for (const { id, readOnly } of (await site.state()).sessions) {
    if (!readOnly) await site.control("agent", { do: "leave", session: id });
  }
};

/** What an agent sees of one conversation, and of the list. */
const log = (desk: Page): Locator => desk.getByRole("log", { name: "Conversation" });
const rows = (desk: Page): Locator => desk.getByRole("option");
const box = (desk: Page): Locator => desk.getByRole("textbox", { name: "Answer", exact: true });
const inGroup = (desk: Page, name: RegExp): Locator => desk.getByRole("group", { name }).getByRole("option");

const tell = async (desk: Page, text: string): Promise<void> => {
  await box(desk).fill(text);
  await box(desk).press("Enter");
};

describe("an agent at the desk", () => {
  const site = useSite();
  let guest: Guest;
  let agent: Guest;
  let page: Page;
  let desk: Page;

  /** Ends what earlier tests have left, so that the list has this test's guest alone at its top. */
  beforeEach(async () => {
    await endAll(site);
    guest = await site.newGuest();
    agent = await site.newGuest();
    page = await guest.visit();
    desk = await agent.visit("/agent/");
  });

  afterEach(async () => {
    await guest.context.close();
    await agent.context.close();
    assert.deepEqual([...guest.complaints, ...agent.complaints], []);
    assert.deepEqual(site.demo.reports(), []);
  });

  const handOver = async () => {
    await openChat(page);
    await page.getByRole("button", { name: "Talk to a person" }).click();
    await shown(page, /^I have told my colleagues/);
  };

  test("bot, quick reply, hand-over, typing both ways, answer, hang-up, and a new conversation", async () => {
    await openChat(page);
    await inGroup(desk, /With Otto 1/).waitFor();
    const choice = page.getByRole("button", { name: "Talk to a person" });
    await choice.click();
    await shown(page, /^I have told my colleagues/);
    for (const name of ["Where is my order?", "Returns", "Talk to a person"]) {
      assert.ok(await page.getByRole("button", { name }).isDisabled(), `${name} can still be chosen`);
    }

    const waiting = inGroup(desk, /Waiting 1/);
    await waiting.waitFor();
    await eventually(async () => assert.equal(await desk.title(), "(1) Desk"));
    await waiting.getByText("unread").waitFor({ state: "attached" });
    await waiting.click();
    await eventually(async () => assert.equal(await desk.title(), "Desk"));
    await log(desk).getByText("Talk to a person (chosen)").waitFor();

    await page.getByRole("textbox", { name: "Message" }).pressSequentially("My lamp");
    await desk.getByText("Web Guest is writing…").waitFor();
    await page.getByRole("textbox", { name: "Message" }).press("Enter");
    await log(desk).getByText("My lamp", { exact: true }).waitFor();
    await desk.getByText("Web Guest is writing…").waitFor({ state: "detached" });

    await box(desk).pressSequentially("Hello");
    const typing = transcript(page).getByRole("img", { name: "Mira Koch is writing" });
    await typing.waitFor();
    await shown(page, "Mira Koch joined");
    await box(desk).press("Enter");
    await shown(page, "Hello");
    await typing.waitFor({ state: "detached" });

    await desk.getByRole("button", { name: "Hang up" }).click();
    await desk.getByRole("dialog", { name: "Hang up?" }).getByRole("button", { name: "Hang up" }).click();
    await page.getByText("This conversation is over").first().waitFor();
    await desk.getByText("This conversation is over.").waitFor();
    assert.ok(await box(desk).isHidden());

    await page.getByRole("button", { name: "Start new conversation" }).click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    await say(page, "maps");
    await shown(page, /^We print maps/);
    await inGroup(desk, /With Otto 1/).waitFor();
  });

  test("quick replies that the agent offers are chosen by the guest, and the desk shows which", async () => {
    await handOver();
    await rows(desk).first().click();
    await desk.getByRole("button", { name: "Offer quick replies" }).click();
    const offer = desk.getByRole("textbox", { name: "Add a quick reply" });
    for (const text of ["A new one", "The money"]) {
      await offer.fill(text);
      await offer.press("Enter");
    }
    await offer.press("Escape");
    await tell(desk, "What shall it be?");
    await shown(page, "What shall it be?");
    await page.getByRole("button", { name: "The money" }).click();
    await log(desk).getByText("The money (chosen)").waitFor();
    assert.ok(await page.getByRole("button", { name: "A new one" }).isDisabled());
  });

  test("what comes in for another conversation is counted until it is looked at", async () => {
    await handOver();
    await rows(desk).first().click();
    const other = await site.newGuest();
    const second = await other.visit();
    await openChat(second);
    await second.getByRole("button", { name: "Talk to a person" }).click();
    await say(second, "Hello?");
    await eventually(async () => assert.equal(await desk.title(), "(2) Desk"));
    await say(page, "Still there?");
    await log(desk).getByText("Still there?").waitFor();
    assert.equal(await desk.title(), "(2) Desk");
    await desk.keyboard.press("Alt+ArrowDown");
    await log(desk).getByText("Hello?").waitFor();
    await eventually(async () => assert.equal(await desk.title(), "Desk"));
    await other.context.close();
    await desk.getByText("guest not connected").waitFor();
    assert.deepEqual(other.complaints, []);
  });

  test("everything is done by keyboard alone", async () => {
    await handOver();
    await inGroup(desk, /Waiting 1/).waitFor();
    const press = (key: string) => desk.keyboard.press(key);
    await press("?");
    const help = desk.getByRole("dialog", { name: "Keyboard" });
    await help.waitFor();
    await press("Escape");
    await help.waitFor({ state: "hidden" });
    await press("ArrowDown");
    await log(desk)
      .getByText(/^Welcome to Fernweh/)
      .waitFor();
    await press("ArrowUp");
    await press("Enter");
    await desk.keyboard.type("First line");
    await press("Shift+Enter");
    await desk.keyboard.type("second line");
    await press("Enter");
    await shown(page, /First line\s+second line/);
    await press("/");
    await press("ArrowDown");
    await press("Enter");
    assert.match(await box(desk).inputValue(), /^Thank you for waiting/);
    await press("Enter");
    await shown(page, /^Thank you for waiting/);
    await press("Alt+q");
    await desk.keyboard.type("Yes");
    await press("Enter");
    await press("Escape");
    await desk.keyboard.type("Is it solved?");
    await press("Enter");
    await page.getByRole("button", { name: "Yes" }).waitFor();
    await press("Escape");
    assert.equal(await desk.evaluate(() => document.activeElement?.id), "rows");
    await press("Alt+h");
    const hangUp = desk.getByRole("dialog", { name: "Hang up?" });
    await hangUp.waitFor();
    await press("Enter");
    await hangUp.waitFor({ state: "hidden" });
    assert.equal((await site.state()).sessions.at(-1)?.readOnly, false);
    await press("Alt+h");
    await press("Tab");
    await press("Enter");
    await page.getByText("This conversation is over").first().waitFor();
  });

  test("a reload finds the same conversation, and a name of one's own is what the guest sees", async () => {
    await handOver();
    await rows(desk).first().click();
    await desk.getByLabel("You answer as").fill("Ada");
    await tell(desk, "Ada here");
    await shown(page, "Ada joined");
    await desk.reload();
    await log(desk).getByText("Ada here").waitFor();
    assert.equal(await desk.getByLabel("You answer as").inputValue(), "Ada");
  });

  test("when the sandbox does not take an answer the text comes back, with the reason", async () => {
    await handOver();
    await rows(desk).first().click();
    await box(desk).fill("Are you there?");
    await desk.route("**/sandbox/agent", (route) => route.fulfill({ status: 409, json: { message: "Not now" } }));
    await box(desk).press("Enter");
    await desk.getByText("Not sent. Not now").waitFor();
    assert.equal(await box(desk).inputValue(), "Are you there?");
    await desk.unroute("**/sandbox/agent");
    await box(desk).press("Enter");
    await shown(page, "Are you there?");
    // The refused call itself, as Chromium tells it.
    agent.complaints.splice(0);
  });

  test("text of the guest is never markup", async () => {
    await handOver();
    await rows(desk).first().click();
    const text = '<img src=x onerror="document.title=1"><b>bold</b>';
    await say(page, text);
    await log(desk).getByText(text, { exact: true }).waitFor();
    assert.equal(await log(desk).locator("img, b").count(), 0);
  });

  for (const [width, height] of [
    [1280, 800],
    [390, 844],
    [320, 640],
  ] as const) {
    test(`the desk fits ${width}×${height}, with a conversation and without`, async () => {
      await handOver();
      await desk.setViewportSize({ width, height });
      const scrolls = () => desk.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(await scrolls(), width);
      await rows(desk).first().click();
      await log(desk).getByText("Talk to a person", { exact: true }).first().waitFor();
      assert.equal(await scrolls(), width);
      if (width > 700) return;
      await desk.getByRole("button", { name: "Guest details" }).click();
      await desk.getByRole("complementary", { name: "Guest" }).getByText("queue-sales").waitFor();
      assert.equal(await scrolls(), width);
      await desk.keyboard.press("Escape");
      await desk.getByRole("button", { name: "Back to the list" }).click();
      await rows(desk).first().waitFor();
    });
  }
});

describe("an agent at the desk, with a guest of web messaging", () => {
  const site = useSite();

  test("sees what he chose and the file he sent, and sends cards, pickers, forms and files", async () => {
    const agent = await site.newGuest();
    const desk = await agent.visit("/agent/");
    const guest = await SecondClient.open(site.demo.url, demoDeployment.id, { origin: site.demo.url });
    await guest.answer(guest.configure());
    const { message } = readFixture("client/onMessage.formReply.web");
    await guest.echo(guest.send("onMessage", { message }));
    const file = { fileName: "order.txt", fileType: "text/plain", fileSize: 5 };
    const { body: target } = await guest.answer(guest.send("onAttachment", file));
    assert.equal(await guest.put(target, new TextEncoder().encode("order")), 200);
    await guest.next("UploadSuccessEvent");
    const content = [{ contentType: "Attachment", attachment: { id: target.attachmentId } }];
    await guest.echo(guest.send("onMessage", { message: { content } }));

    await rows(desk).first().click();
    await log(desk).getByText("field-name: Ada").waitFor();
    const link = log(desk).getByRole("link", { name: "order.txt 1 KB" });
    const down = desk.waitForEvent("download");
    await link.click();
    assert.equal((await down).suggestedFilename(), "order.txt");
    await desk.getByRole("complementary", { name: "Guest" }).getByText(demoDeployment.id).waitFor();

    const more = desk.getByRole("button", { name: "More than words" });
    const kinds = ["Card", "Carousel", "Date picker", "List picker", "Form"];
    for (const kind of kinds) {
      await box(desk).fill(`Here is a ${kind}`);
      await more.click();
      await desk.getByRole("button", { name: kind, exact: true }).click();
      const sent = await guest.next(kind, ({ body }) => body?.text === `Here is a ${kind}`);
      assert.equal(sent.body.content[0].contentType, kind.replace(" picker", "Picker"));
      await log(desk).getByText(`Here is a ${kind}`).waitFor();
    }
    await more.click();
    const bytes = Buffer.from("%PDF-1.7");
    await desk
      .getByLabel("Send a file")
      .setInputFiles({ name: "form.pdf", mimeType: "application/pdf", buffer: bytes });
    const sent = await guest.next(
      "a file",
      ({ body }) => body?.content?.[0]?.contentType === "Attachment" && body.direction === "Outbound",
    );
    assert.equal(await (await fetch(sent.body.content[0].attachment.url)).text(), "%PDF-1.7");
    await log(desk)
      .getByRole("link", { name: /form\.pdf/ })
      .waitFor();
    await guest.close();
    assert.deepEqual(agent.complaints, []);
    assert.deepEqual(site.demo.reports(), []);
    await agent.context.close();
  });

  test("has no more than words for a guest of the guest API", async () => {
    await endAll(site);
    const agent = await site.newGuest();
    const desk = await agent.visit("/agent/");
    const guest = await site.newGuest();
    await openChat(await guest.visit());
    await inGroup(desk, /With Otto 1/).click();
    await box(desk).waitFor();
    assert.ok(await desk.getByRole("button", { name: "More than words" }).isHidden());
    await guest.context.close();
    await agent.context.close();
  });
});

describe("a desk without anybody", () => {
  const site = useSite();

  test("says so, and comes to life with the first guest", async () => {
    const agent = await site.newGuest();
    const desk = await agent.visit("/agent/");
    await desk.getByText("Nobody is here yet").waitFor();
    await desk.getByText("All quiet").waitFor();
    const guest = await site.newGuest();
    await openChat(await guest.visit());
    await inGroup(desk, /With Otto 1/).waitFor();
    assert.ok(await desk.getByText("Nobody is here yet").isHidden());
    assert.deepEqual([...guest.complaints, ...agent.complaints], []);
  });

  test("tells when the connection is lost, and when it is back has missed nothing", async () => {
    const agent = await site.newGuest();
    const desk = await agent.visit("/agent/");
    const guest = await site.newGuest();
    const page = await guest.visit();
    await openChat(page);
    await rows(desk).first().waitFor();
    await agent.context.setOffline(true);
    await desk.reload().catch(() => undefined);
    await agent.context.setOffline(false);
    await desk.goto(`${site.demo.url}/agent/`);
    await desk.route("**/sandbox/events", (route) => route.abort());
    await desk.reload();
    await desk.getByText("Connection lost. Trying again.").waitFor();
    await say(page, "Anybody?");
    await desk.unroute("**/sandbox/events");
    await desk.getByText("Connection lost. Trying again.").waitFor({ state: "hidden" });
    await rows(desk).first().click();
    await log(desk).getByText("Anybody?").waitFor();
  });
});
