/** The element's methods in a browser: each asks the session for one thing, and its promise settles as that does. */
import type { Command } from "../../src/chat/command.ts";
import { ChatError } from "../../src/chat/error.ts";
import { equal, makeChat, ok, type SpecChat } from "./support.ts";

const CODE = { code: "c0de", redirectUri: "https://shop.example/callback.html", codeVerifier: "v", nonce: "n" };

const METHODS: [name: string, call: (chat: SpecChat) => Promise<unknown>, command: Command][] = [
  ["end()", (chat) => chat.end(), { type: "end" }],
  ["startNew()", (chat) => chat.startNew(), { type: "start-new" }],
  ["clear()", (chat) => chat.clear(), { type: "clear" }],
  ["loadEarlier()", (chat) => chat.loadEarlier(), { type: "load-earlier" }],
  ["signIn(code)", (chat) => chat.signIn(CODE), { type: "sign-in", signIn: CODE }],
  [
    "signIn(ID token)",
    (chat) => chat.signIn({ idToken: "t", nonce: "n" }),
    { type: "sign-in", signIn: { idToken: "t", nonce: "n" } },
  ],
  ["signOut()", (chat) => chat.signOut(), { type: "sign-out" }],
];

describe("a page that asks by", () => {
  for (const [name, call, command] of METHODS) {
    it(`${name} is answered when it is done`, async () => {
      const { chat } = await makeChat();
      equal(await call(chat), undefined);
      equal(chat.client.asked(command.type), [command]);
    });

    it(`${name} is told by a ChatError why it was refused, and nobody else is`, async () => {
      const { chat } = await makeChat();
      const told: Event[] = [];
      chat.addEventListener("chat-error", (event) => told.push(event));
      await chat.getMetrics();
      chat.client.refusals.set(command.type, new ChatError("CHAT_UNSUPPORTED", "not here"));
      const error = await call(chat).catch((reason: unknown) => reason);
      ok(error instanceof ChatError, "it is a ChatError");
      equal([error.code, error.detail], ["CHAT_UNSUPPORTED", "not here"]);
      equal(told, []);
    });

    it(`${name} before the guest has agreed asks for nothing`, async () => {
      const { chat } = await makeChat({ broker: "/broker", consent: "required" });
      const error = await call(chat).catch((reason: unknown) => reason);
      equal((error as ChatError).code, "CHAT_CONSENT_NEEDED");
      equal(chat.clients.length, 0);
    });
  }
});
