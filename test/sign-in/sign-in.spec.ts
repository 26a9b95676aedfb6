/** Signing in, in a real browser: the page that asks, the real callback.html, and a provider that sends guests back at once. */
import { SignInError, type SignInErrorCode, type SignInOptions, signIn } from "../../src/sign-in/sign-in.ts";
import { equal, ok, until } from "../element/support.ts";

const provider = (issuer: string) => `${location.origin}/provider/${issuer}`;

/** Of a pop-up, which here is a frame: no engine lets a spec open windows without a click. */
interface Shown {
  /** Where it was sent. */
  url?: URL;
  /** As the page sees it. */
  closed: boolean;
  closes: number;
  frame: HTMLIFrameElement;
}

const popups: Shown[] = [];
const before = { open: window.open, hasFocus: document.hasFocus };
let isFocused = true;

function openFrame(): Window {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const shown: Shown = { closed: false, closes: 0, frame };
  popups.push(shown);
  const popup = {
    opener: window as Window | null,
    get closed() {
      return shown.closed;
    },
    close() {
      shown.closes += 1;
      shown.closed = true;
    },
    location: {
      replace(url: string) {
        ok(popup.opener === null, "the provider could send this page elsewhere");
        shown.url = new URL(url);
        frame.contentWindow?.location.replace(url);
      },
    },
  };
  return popup as unknown as Window;
}

const start = (more: Partial<SignInOptions> = {}) =>
  signIn({
    authorizationEndpoint: `${provider("good")}/authorize`,
    clientId: "shop",
    redirectUri: "/dist/callback.html",
    ...more,
  });

/** What it came to nothing for. */
async function failure(signingIn: Promise<unknown>): Promise<{ code: SignInErrorCode; detail: string }> {
  try {
    await signingIn;
  } catch (error) {
    ok(error instanceof SignInError, `${error}`);
    return { code: error.code, detail: error.detail ?? "" };
  }
  throw new Error("it worked");
}

const popup = (): Shown => {
  const [shown] = popups.slice(-1);
  ok(shown, "no pop-up was opened");
  return shown;
};
const text = (): string => popup().frame.contentDocument?.querySelector("[role=status]")?.textContent ?? "";

describe("signIn", () => {
  beforeEach(() => {
    isFocused = true;
    window.open = openFrame as typeof window.open;
    document.hasFocus = () => isFocused;
  });
  afterEach(() => {
    Object.assign(window, { open: before.open });
    document.hasFocus = before.hasFocus;
    for (const { frame } of popups.splice(0)) frame.remove();
  });

  it("gives the page a code, and what it takes to exchange it", async () => {
    const signedIn = await start({ scope: "openid email", parameters: { prompt: "login" } });
    equal(Object.keys(signedIn).sort(), ["code", "codeVerifier", "nonce", "redirectUri"]);
    equal(signedIn.redirectUri, `${location.origin}/dist/callback.html`);
    const asked = Object.fromEntries(popup().url?.searchParams ?? []);
    const { state, nonce, code_challenge: challenge, ...rest } = asked;
    equal(rest, {
      prompt: "login",
      response_type: "code",
      client_id: "shop",
      redirect_uri: signedIn.redirectUri,
      scope: "openid email",
      code_challenge_method: "S256",
    });
    equal(nonce, signedIn.nonce);
    equal(signedIn.code, challenge);
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(signedIn.codeVerifier));
    equal(
      atob(challenge?.replaceAll("-", "+").replaceAll("_", "/") ?? ""),
      String.fromCharCode(...new Uint8Array(hash)),
    );
    const secrets = [state, nonce, signedIn.codeVerifier];
    equal(new Set(secrets).size, 3);
    for (const secret of secrets) ok(/^[\w-]{43}$/.test(secret ?? ""), `too little chance in ${secret}`);
  });

  it("makes everything up anew each time", async () => {
    const [one, two] = [await start(), await start()];
    for (const name of ["code", "codeVerifier", "nonce"] as const) ok(one[name] !== two[name], name);
  });

  it("closes the pop-up, whose address no longer bears the code", async () => {
    await start();
    equal(popup().closes, 1);
    await until(text, "the callback's page");
    equal(popup().frame.contentWindow?.location.href, `${location.origin}/dist/callback.html`);
    await until(() => text() === "You can close this window.", "what it says in case it cannot be closed");
  });

  it("opens the pop-up within the click, before anything is awaited", () => {
    const controller = new AbortController();
    const signingIn = start({ issuer: provider("good"), authorizationEndpoint: undefined, signal: controller.signal });
    equal(popups.length, 1);
    controller.abort();
    return failure(signingIn).then(({ code }) => equal(code, "CHAT_SIGN_IN_CLOSED"));
  });

  it("says so when the browser blocks the pop-up", async () => {
    window.open = () => null;
    equal((await failure(start())).code, "CHAT_SIGN_IN_BLOCKED");
  });

  it("says so when the guest closes the pop-up", async () => {
    const signingIn = start({ clientId: "silent" });
    await until(() => popup().url, "the provider");
    popup().closed = true;
    equal((await failure(signingIn)).code, "CHAT_SIGN_IN_CLOSED");
  });

  it("goes on while the pop-up only looks closed, as one does that its provider has cut off from this page", async () => {
    isFocused = false;
    const signingIn = start({ clientId: "silent" });
    const { searchParams } = await until(() => popup().url, "the provider");
    popup().closed = true;
    // Longer than it would take to believe it.
    await new Promise((resolve) => setTimeout(resolve, 2200));
    popup().frame.src = `/dist/callback.html?code=late&state=${searchParams.get("state")}`;
    equal((await signingIn).code, "late");
  });

  it("passes on what the provider says when it does not sign the guest in", async () => {
    equal(await failure(start({ clientId: "denied" })), {
      code: "CHAT_SIGN_IN_DENIED",
      detail: "access_denied: The guest said no",
    });
    equal(popup().closes, 1);
  });

  it("says so when it takes too long, and closes the pop-up", async () => {
    equal((await failure(start({ clientId: "silent", timeoutMs: 50 }))).code, "CHAT_SIGN_IN_TIMEOUT");
    equal(popup().closes, 1);
  });

  it("is ended by the page's signal, and is not begun when that has come already", async () => {
    const controller = new AbortController();
    const signingIn = start({ clientId: "silent", signal: controller.signal });
    controller.abort();
    equal((await failure(signingIn)).code, "CHAT_SIGN_IN_CLOSED");
    equal(popup().closes, 1);
    equal((await failure(start({ signal: controller.signal }))).code, "CHAT_SIGN_IN_CLOSED");
    equal(popups.length, 1);
  });

  it("gives up a sign-in when the guest begins another", async () => {
    const first = failure(start({ clientId: "silent" }));
    const second = start();
    equal((await first).code, "CHAT_SIGN_IN_CLOSED");
    ok((await second).code, "no code");
    equal(
      popups.map(({ closes }) => closes),
      [1, 1],
    );
  });

  for (const clientId of ["stranger", "stateless"]) {
    it(`takes no answer with ${clientId === "stranger" ? "another's" : "no"} state, and the pop-up says what to do`, async () => {
      const controller = new AbortController();
      let isSettled = false;
      const signingIn = start({ clientId, signal: controller.signal });
      signingIn.finally(() => (isSettled = true)).catch(() => {});
      await until(() => /not expected here.+try again/.test(text()), "what to do", 6000);
      equal(isSettled, false);
      controller.abort();
      await failure(signingIn);
    });
  }

  it("heeds nothing on its channel that is no answer", async () => {
    const signingIn = start({ clientId: "silent" });
    const { searchParams } = await until(() => popup().url, "the provider");
    const channel = new BroadcastChannel(`genesys-guest-chat:sign-in:${searchParams.get("state")}`);
    for (const garbage of [null, "taken", 7, {}, { code: 1 }, { code: "a", error: "b" }, { code: "x".repeat(5000) }]) {
      channel.postMessage(garbage);
    }
    channel.postMessage({ code: "good" });
    equal((await signingIn).code, "good");
    channel.close();
  });

  describe("with an issuer", () => {
    const discovered = { authorizationEndpoint: undefined };

    it("finds where to ask", async () => {
      await start({ ...discovered, issuer: provider("good") });
      equal(popup().url?.pathname, "/provider/good/authorize");
    });

    it("takes an answer that names it, and none that names another (RFC 9207)", async () => {
      const issuer = provider("good");
      ok((await start({ issuer, clientId: "named" })).code, "no code");
      const { code, detail } = await failure(start({ issuer, clientId: "mixed" }));
      equal(code, "CHAT_SIGN_IN_DENIED");
      equal(detail, "The answer is of another issuer, https://evil.example.");
    });

    const wrong: [issuer: string, said: RegExp][] = [
      ["else", /is of another issuer/],
      ["none", /did not answer a page of http/],
      ["script", /has no authorization_endpoint/],
    ];
    for (const [issuer, said] of wrong) {
      it(`whose document is wrong (${issuer}) goes nowhere, says why, and closes the pop-up`, async () => {
        const { code, detail } = await failure(start({ ...discovered, issuer: provider(issuer) }));
        equal(code, "CHAT_SIGN_IN_PROVIDER");
        ok(said.test(detail), detail);
        equal(popup().url, undefined);
        equal(popup().closes, 1);
      });
    }
  });

  describe("is refused by the option's name, and opens nothing,", () => {
    const wrong: [what: string, options: Partial<SignInOptions>, said: RegExp][] = [
      ["without a provider", { authorizationEndpoint: undefined }, /^issuer: expected a URL$/],
      [
        "with a provider over http",
        { authorizationEndpoint: "http://idp.example/" },
        /^authorizationEndpoint: .*https/,
      ],
      ["with a script for a provider", { authorizationEndpoint: "javascript:alert(1)" }, /^authorizationEndpoint: /],
      ["without a client", { clientId: "" }, /^clientId: /],
      [
        "with another site's callback",
        { redirectUri: "https://else.example/callback.html" },
        /^redirectUri: expected a page of http/,
      ],
      ["with a state of one's own", { parameters: { state: "x" } }, /^parameters\.state: /],
      ["with no time at all", { timeoutMs: 0 }, /^timeoutMs: expected more than 0, got 0$/],
    ];
    for (const [what, options, said] of wrong) {
      it(what, async () => {
        const { code, detail } = await failure(start(options));
        equal(code, "CHAT_SIGN_IN_OPTIONS");
        ok(said.test(detail), detail);
        equal(popups.length, 0);
      });
    }
  });
});
