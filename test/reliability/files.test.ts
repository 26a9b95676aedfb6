/** Files and signing in over real sockets, with the sandbox as Genesys. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sortedMessages } from "../../src/chat/chat.ts";
import type { SignIn } from "../../src/chat/profile.ts";
import type { Upload } from "../../src/chat/rich.ts";
import { CLIENT, createProvider, NONCE } from "../support/provider.ts";
import { type RealTalk, type RealTalkOptions, startTalk } from "../support/real-talk.ts";

const ID = "9d8b7c6a-1122-4c33-8d44-556677889900";
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, ...new Array(2_000).fill(7)]);
const file = (name = "photo.png", type = "image/png", bytes = PNG) => new File([bytes], name, { type });

const begin = (options: RealTalkOptions = {}) => startTalk({ deployment: { id: ID }, ...options });

const uploads = ({ session }: RealTalk): readonly Upload[] => session.chat.state.uploads ?? [];
const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error) => error.code as string,
  );

/** Lets time pass until it is settled. */
async function settled<T>(talk: RealTalk, promise: Promise<T>): Promise<T> {
  let done = false;
  const settle = () => {
    done = true;
  };
  promise.then(settle, settle);
  await talk.until(() => done);
  return promise;
}

const attach = (talk: RealTalk, given = file(), id = "upload") =>
  settled(talk, outcomeOf(talk.dispatch({ type: "attach", file: given }, id)));

/** How often that crossed. */
async function count(talk: RealTalk, action: string): Promise<number> {
  return (await talk.log()).filter(({ direction, frame }) => direction === "in" && frame?.action === action).length;
}

async function sendWithFile(talk: RealTalk) {
  await talk.dispatch({ type: "send", text: "Look", attachment: "upload" }, "11111111-1111-4111-8111-111111111111");
  await talk.until(() => talk.deliveries().at(-1) === "sent");
}

const attachmentsOf = (talk: RealTalk) =>
  sortedMessages(talk.session.chat).flatMap(({ attachments = [] }) => attachments);

describe("a file", () => {
  test("goes up, into a message, and down again as it was", async () => {
    const talk = await begin();
    assert.equal(await attach(talk), "upload");
    assert.deepEqual(
      uploads(talk).map(({ phase, progress }) => [phase, progress]),
      [["uploaded", 1]],
    );
    await sendWithFile(talk);
    assert.deepEqual(uploads(talk), []);
    const [sent] = attachmentsOf(talk);
    assert.deepEqual([sent?.name, sent?.mime, sent?.bytes], ["photo.png", "image/png", PNG.length]);
    const down = await fetch(sent?.url ?? "");
    assert.deepEqual(new Uint8Array(await down.arrayBuffer()), PNG);
  });

  test("without a text is a message too", async () => {
    const talk = await begin();
    await attach(talk);
    await talk.dispatch({ type: "send", text: "", attachment: "upload" });
    await talk.until(() => talk.deliveries().at(-1) === "sent");
    assert.equal(attachmentsOf(talk).length, 1);
  });

  test("that is taken away is gone at Genesys", async () => {
    const talk = await begin();
    await attach(talk);
    await talk.dispatch({ type: "detach", upload: "upload" });
    await talk.until(async () => (await count(talk, "deleteAttachment")) === 1);
    assert.deepEqual(uploads(talk), []);
  });

  test("that the deployment does not take is never asked for; the next one goes (row 74)", async () => {
    const talk = await begin();
    assert.equal(await attach(talk, file("a.exe"), "bad"), "CHAT_FILE_TYPE");
    assert.equal(await attach(talk, file("a.zip", "application/zip"), "worse"), "CHAT_FILE_TYPE");
    assert.equal(await count(talk, "onAttachment"), 0);
    assert.equal(await attach(talk), "upload");
  });

  test("after the other, sixty at once: never more than the platform takes in a minute, and a text goes before most", async () => {
    const talk = await begin();
    const ids = Array.from({ length: 60 }, (_, n) => `upload-${n}`);
    const up = Promise.all(ids.map((id) => outcomeOf(talk.dispatch({ type: "attach", file: file() }, id))));
    await talk.until(async () => (await count(talk, "onAttachment")) > 0);
    await talk.say("and a word");
    await talk.until(() => talk.deliveries()[0] === "sent");
    assert.ok((await count(talk, "onAttachment")) < 45);
    assert.deepEqual(await settled(talk, up), ids);
    assert.equal(await count(talk, "onAttachment"), 60);
    const refused = (await talk.log()).filter(({ frame }) => frame?.class === "TooManyRequestsErrorMessage");
    assert.deepEqual(refused, []);
    assert.equal(talk.sockets.length, 1);
  });

  test("that is not what it says it is, is refused when it is there (row 74)", async () => {
    const talk = await begin();
    const fake = file("photo.png", "image/png", new Uint8Array([0x25, 0x50, 0x44, 0x46, 1, 2, 3]));
    assert.equal(await attach(talk, fake), "CHAT_FILE_REFUSED");
    assert.equal(uploads(talk)[0]?.error?.guest, "This file was not accepted.");
    assert.equal(talk.session.chat.state.phase, "live");
  });
});

describe("an upload that is cut", () => {
  test("by the storage is tried again with a new place, and arrives once (row 71)", async () => {
    const talk = await begin();
    await talk.fault({ kind: "http", method: "PUT" }, { status: 403 }, 2);
    assert.equal(await attach(talk), "upload");
    assert.equal(await count(talk, "onAttachment"), 3);
    await sendWithFile(talk);
    assert.equal(attachmentsOf(talk).length, 1);
  });

  test("each time has failed after the third, and nothing else is lost (row 71)", async () => {
    const talk = await begin();
    await talk.fault({ kind: "http", method: "PUT" }, { status: 403 });
    assert.equal(await attach(talk), "CHAT_UPLOAD_FAILED");
    assert.equal(await count(talk, "onAttachment"), 3);
    assert.deepEqual(
      uploads(talk).map(({ phase }) => phase),
      ["failed"],
    );
    await talk.say("still here");
    await talk.until(() => talk.deliveries().at(-1) === "sent");
  });

  test("with its connection goes on over the next (row 71)", async () => {
    const talk = await begin();
    await talk.fault({ kind: "frame", direction: "in", action: "onAttachment" }, { suppress: true }, 1);
    const outcome = outcomeOf(talk.dispatch({ type: "attach", file: file() }, "upload"));
    await talk.until(async () => (await count(talk, "onAttachment")) === 1);
    await talk.control("sockets/close", { abnormal: true });
    assert.equal(await settled(talk, outcome), "upload");
    assert.equal(talk.sockets.length, 2);
  });
});

test("when Genesys' word that the file is there is lost, it is asked for by id and not sent again (row 72)", async () => {
  const talk = await begin();
  await talk.fault({ kind: "frame", direction: "out", action: "UploadSuccessEvent" }, { suppress: true });
  assert.equal(await attach(talk), "upload");
  assert.equal(await count(talk, "onAttachment"), 1);
  assert.equal(await count(talk, "getAttachment"), 1);
  await sendWithFile(talk);
  assert.equal(attachmentsOf(talk).length, 1);
});

test("a hub that goes leaves what was up, and the word that what was on its way was not sent (row 73)", async () => {
  const talk = await begin();
  await attach(talk);
  await talk.fault({ kind: "frame", direction: "in", action: "onAttachment" }, { suppress: true });
  void outcomeOf(talk.dispatch({ type: "attach", file: file() }, "half"));
  await talk.until(() => uploads(talk).length === 2);
  await talk.restart();
  await talk.untilLive();
  await talk.until(() => uploads(talk).length === 2);
  assert.deepEqual(
    uploads(talk).map(({ id, phase, error }) => [id, phase, error?.code]),
    [
      ["upload", "uploaded", undefined],
      ["half", "failed", "CHAT_UPLOAD_CANCELLED"],
    ],
  );
  await sendWithFile(talk);
});

test("a link that has expired is asked for once, and opens (row 75)", async () => {
  const talk = await begin({ deployment: { id: ID, limits: { downloadSeconds: 60 } } });
  await attach(talk);
  await sendWithFile(talk);
  const { id = "", url = "" } = attachmentsOf(talk)[0] ?? {};
  await talk.idle(61, 1_000);
  assert.notEqual((await fetch(url)).status, 200);
  const fresh = await settled(talk, talk.dispatch({ type: "refresh-link", attachment: id }));
  assert.equal(attachmentsOf(talk)[0]?.url, fresh);
  assert.equal((await fetch(String(fresh))).status, 200);
  assert.equal(await count(talk, "getAttachment"), 1);
});

describe("a guest who signs in", () => {
  const ISSUER = "https://idp.example";

  async function meet(auth: object = { allowSessionUpgrade: true }) {
    const provider = await createProvider(ISSUER);
    const about = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks`, token_endpoint: `${ISSUER}/token` };
    provider.served.set(`${ISSUER}/.well-known/openid-configuration`, () => Response.json(about));
    const toIdToken = (sub: string) => {
      const now = talk.platform.clock.now() / 1000;
      return provider.sign({ sub, given_name: "Ada", iat: now, exp: now + 600 });
    };
    // A code is as good as the name of whom it is for.
    provider.served.set(`${ISSUER}/token`, async (request) => {
      const form = new URLSearchParams(await request.text());
      return Response.json({ id_token: await toIdToken(form.get("code") ?? "") });
    });
    const talk = await begin({
      deployment: { id: ID, auth: { enabled: true, provider: { issuer: ISSUER, clientId: CLIENT }, ...auth } },
      // biome-ignore lint/suspicious/noExplicitAny: an option of the sandbox's, which the talk passes on.
      ...({ fetch: async (request: Request) => provider.fetch(request) } as any),
    });
    const dispatch = (signIn: SignIn) => settled(talk, outcomeOf(talk.dispatch({ type: "sign-in", signIn })));
    return {
      talk,
      signIn: (code: string) => dispatch({ code, redirectUri: "https://shop.example/callback", codeVerifier: "v" }),
      signInByToken: async (sub: string) => dispatch({ idToken: await toIdToken(sub), nonce: NONCE }),
    };
  }
  const kept = ({ store }: RealTalk) => JSON.stringify(store.all("keep"));

  test("goes on with the talk on the same connection, known by name; no JWT is kept", async () => {
    const { talk, signIn } = await meet();
    await talk.say("before");
    await talk.until(() => talk.deliveries()[0] === "sent");
    assert.equal(await signIn("ada"), undefined);
    await talk.until(() => talk.session.chat.state.signedIn === true);
    assert.equal(talk.sockets.length, 1);
    await talk.say("after");
    await talk.until(() => talk.deliveries().join() === "sent,sent");
    assert.deepEqual(await talk.arrived(), ["before", "after"]);
    assert.doesNotMatch(kept(talk), /eyJ/);
  });

  test("where nobody may step up begins another talk, below the old one", async () => {
    const { talk, signIn } = await meet({ allowSessionUpgrade: false });
    await talk.say("before");
    await talk.until(() => talk.deliveries()[0] === "sent");
    assert.equal(await signIn("ada"), undefined);
    await talk.until(() => talk.session.chat.state.signedIn === true);
    assert.equal(talk.texts()[0], "before");
    assert.equal(talk.sockets.length, 2);
  });

  test("with a token that is not believed stays who he was, and the talk goes on", async () => {
    const { talk } = await meet();
    const given = { type: "sign-in", signIn: { idToken: "made.up.token", nonce: NONCE } } as const;
    assert.equal(await settled(talk, outcomeOf(talk.dispatch(given))), "CHAT_SIGN_IN_REFUSED");
    await talk.say("still me");
    await talk.until(() => talk.deliveries()[0] === "sent");
    assert.ok(!talk.session.chat.state.signedIn);
  });

  test("after a restart is asked to sign in again, where nothing can renew the JWT; then goes on", async () => {
    const { talk, signInByToken: signIn } = await meet();
    await signIn("ada");
    await talk.say("before");
    await talk.until(() => talk.deliveries()[0] === "sent");
    await talk.restart();
    await talk.until(() => talk.session.chat.state.phase === "failed");
    assert.equal(talk.session.chat.state.reason?.code, "CHAT_SIGN_IN_NEEDED");
    assert.equal(talk.session.chat.state.reason?.guest, "Please sign in again to go on.");
    assert.equal(await signIn("ada"), undefined);
    await talk.untilLive();
    assert.ok(talk.texts().includes("before"));
  });

  test("is let in again after a restart, and after the JWT has run out, without being asked", async () => {
    const { talk, signIn } = await meet({ allowSessionUpgrade: true, jwtSeconds: 60 });
    await signIn("ada");
    await talk.say("before");
    await talk.until(() => talk.deliveries()[0] === "sent");
    await talk.restart();
    await talk.untilLive();
    assert.equal(talk.session.chat.state.signedIn, true);
    await talk.idle(61, 1_000);
    await talk.control("sockets/close", { abnormal: true });
    await talk.until(() => talk.session.chat.state.phase !== "live");
    await talk.untilLive();
    assert.equal(talk.session.chat.state.signedIn, true);
    const refusals = (await talk.log()).filter(({ frame }) => frame?.code === 401);
    assert.equal(refusals.length, 1);
    assert.deepEqual(talk.texts(), ["before"]);
  });

  test("has his JWT renewed once for all who ask at the same moment, and keeps what it is renewed with (row 43)", async () => {
    const { talk, signIn } = await meet({ allowSessionUpgrade: true, jwtSeconds: 60 });
    await signIn("ada");
    await talk.say("before");
    await talk.until(() => talk.deliveries()[0] === "sent");
    await talk.restart();
    await Promise.all([
      talk.dispatch({ type: "open" }),
      talk.dispatch({ type: "open", connect: false }),
      talk.dispatch({ type: "open" }),
    ]);
    await talk.untilLive();
    const renewed = (await talk.log()).filter(({ path }) => path?.endsWith("/token/refresh"));
    assert.deepEqual(
      renewed.map(({ status }) => status),
      [200],
    );
    await talk.restart();
    await talk.untilLive();
  });

  test("as somebody else does not see what the first one said (row 44)", async () => {
    const { talk, signIn } = await meet();
    await signIn("ada");
    await talk.say("Ada's secret");
    await talk.until(() => talk.deliveries()[0] === "sent");
    assert.equal(await signIn("bob"), undefined);
    await talk.untilLive();
    assert.deepEqual(talk.texts(), []);
    await talk.say("Bob here");
    await talk.until(() => talk.deliveries().join() === "sent");
  });

  test("and out is gone from here and from Genesys, and the next talk is a stranger's", async () => {
    const { talk, signIn } = await meet();
    await signIn("ada");
    await talk.say("before");
    await talk.until(() => talk.deliveries()[0] === "sent");
    const token = /"token":"([^"]+)"/.exec(kept(talk))?.[1] ?? "none";
    await settled(talk, talk.dispatch({ type: "sign-out" }));
    assert.equal(talk.session.chat.state.phase, "ended");
    assert.deepEqual(talk.texts(), []);
    assert.ok(!kept(talk).includes(token));
    await talk.dispatch({ type: "start-new" });
    await talk.untilLive();
    assert.ok(!talk.session.chat.state.signedIn);
    assert.ok(!kept(talk).includes(token));
  });
});
