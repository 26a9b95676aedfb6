/** The states in which a guest meets the chat, each set up on the demo as it comes about for a guest. */
import type { Page, WebSocketRoute } from "playwright-core";
import { type Guest, openChat, type Site, say, shown, transcript } from "./site.ts";

/** Puts the element by hand into a page that has none, and opens it. */
export async function embed(page: Page, attributes: Record<string, string>, properties: object = {}): Promise<void> {
  // As text: the compiler would look for the file on its own disk.
  await page.evaluate('import("/dist/element.js")');
  await page.evaluate(
    ([given, own]) => {
      const chat = document.createElement("genesys-guest-chat");
      for (const [name, value] of Object.entries(given)) chat.setAttribute(name, value);
      document.body.append(Object.assign(chat, own));
    },
    [attributes, properties] as const,
  );
  await page.getByRole("button", { name: "Open chat" }).click();
  await page.getByRole("dialog", { name: "Chat" }).waitFor();
}

async function talk(guest: Guest): Promise<Page> {
  const page = await guest.visit();
  await openChat(page);
  await shown(page, /Welcome to Fernweh/);
  return page;
}

async function withAgent(site: Site, guest: Guest): Promise<Page> {
  const page = await talk(guest);
  await page.getByRole("button", { name: "Talk to a person" }).click();
  await shown(page, /^I have told my colleagues/);
  await site.control("agent", { do: "message", text: "Hi, Mira here. Which lamp is it?" });
  await shown(page, /^Hi, Mira here/);
  return page;
}

/** The server takes no text, and says so. */
function refuseTexts(socket: WebSocketRoute): void {
  const server = socket.connectToServer();
  socket.onMessage((frame) => {
    const { type, payload } = JSON.parse(String(frame));
    if (type !== "message") return server.send(frame);
    const error = { code: "message_refused", message: "Not today", inReplyTo: payload.id };
    socket.send(JSON.stringify({ type: "error", payload: error }));
  });
}

export type Scene = (site: Site, guest: Guest) => Promise<Page>;

/** By what is to be seen. Each gives the page when it is. */
export const SCENES: Record<string, Scene> = {
  async "closed, with something unread"(site, guest) {
    const page = await withAgent(site, guest);
    await page.getByRole("button", { name: "Close chat" }).click();
    await site.control("agent", { do: "message", text: "Are you still there?" });
    const launcher = page.getByRole("button", { name: "Open chat" });
    await launcher.getByText("1", { exact: true }).waitFor();
    return page;
  },
  async "open, before anything was said"(_, guest) {
    const page = await guest.visit("/");
    await embed(page, { broker: "/broker", start: "message" });
    await page.getByText("Hello! How can we help?").waitFor();
    return page;
  },
  async "talking with the bot, who offers quick replies"(_, guest) {
    const page = await talk(guest);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    await say(page, "lamps");
    await shown(page, /^The Polaris lamp/);
    await transcript(page).getByText(/^Sent/).waitFor();
    return page;
  },
  async "an agent is writing"(site, guest) {
    const page = await withAgent(site, guest);
    await say(page, "The Polaris, see https://shop.example/polaris");
    await transcript(page).getByText(/^Sent/).waitFor();
    await site.control("agent", { do: "typing", on: true });
    await transcript(page).getByRole("img", { name: "Mira Koch is writing" }).waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("It came on Monday,\nand since then");
    return page;
  },
  async "a text was not sent"(_, guest) {
    const page = await guest.visit("/");
    await page.routeWebSocket(/./, refuseTexts);
    await embed(page, { broker: "/broker", host: "page" });
    await shown(page, /Welcome to Fernweh/);
    await say(page, "Where is my lamp?");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    return page;
  },
  async "the line is cut"(site, guest) {
    const page = await talk(guest);
    await site.control("settings", { refuseSockets: true });
    await site.control("sockets/close", { abnormal: true });
    await say(page, "Are you there?");
    await page
      .getByRole("dialog")
      .getByText(/What you write is kept/)
      .waitFor();
    await transcript(page).getByText("Sending").waitFor();
    return page;
  },
  async "a text is too long"(_, guest) {
    const page = await talk(guest);
    await say(page, "long ".repeat(900));
    await page.getByText(/This message is too long/).waitFor();
    return page;
  },
  async "the conversation is over"(site, guest) {
    const page = await withAgent(site, guest);
    await site.control("agent", { do: "leave" });
    await page.getByRole("button", { name: "Start new conversation" }).waitFor();
    return page;
  },
  async "a new conversation below the old"(site, guest) {
    const page = await withAgent(site, guest);
    await site.control("agent", { do: "leave" });
    await page.getByRole("button", { name: "Start new conversation" }).click();
    await transcript(page).getByText("New conversation").waitFor();
    await transcript(page)
      .getByText(/Welcome to Fernweh/)
      .nth(1)
      .waitFor();
    return page;
  },
  async "consent is asked for"(_, guest) {
    const page = await guest.visit("/");
    await embed(page, { broker: "/broker", consent: "required" });
    await page.getByRole("button", { name: "Agree and start" }).waitFor();
    return page;
  },
  async "ended and erased by another tab"(_, guest) {
    const page = await talk(guest);
    const other = await guest.visit("/shop/lamps.html");
    await other.locator("genesys-guest-chat:defined").waitFor({ state: "attached" });
    await other.evaluate(() => document.querySelector("genesys-guest-chat")?.revokeConsent());
    await other.close();
    await page.getByText("This chat was ended and erased.").waitFor();
    return page;
  },
  async "the broker refuses the page"(_, guest) {
    const page = await guest.visit("/");
    await page.route("**/v1/sessions", (route) =>
      route.fulfill({ status: 403, json: { status: 403, code: "origin_not_allowed" } }),
    );
    await embed(page, { broker: "/broker", host: "page" });
    await page.getByRole("button", { name: "Try again" }).waitFor();
    return page;
  },
  async "not set up"(_, guest) {
    const page = await guest.visit("/");
    await embed(page, {});
    await page.getByText("The chat is not set up on this page yet.").waitFor();
    return page;
  },
};
