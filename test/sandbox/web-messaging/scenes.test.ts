/** Every scene of section 7 of the protocol plays, over real sockets, with a client that was written from the reference alone. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFixture } from "../../support/fixtures.ts";
import { createProvider } from "../../support/provider.ts";
import type { SecondClient } from "../../support/second-client.ts";
import { assertFrame, assertLike, setStage } from "./stage.ts";
import { DEPLOYMENT } from "./support.ts";

const HOURS_MS = 3_600_000;
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4]);

describe("a guest of web messaging", () => {
  const stage = setStage();

  test("who is new gets a session with its limits, and its end in seconds", async () => {
    const client = await stage.open();
    const frame = await client.answer(client.configure());
    assertFrame(frame, "sessionResponse.new");
    assert.equal(frame.body.newSession, true);
    assert.equal(frame.body.expirationDate, Math.floor(stage.clock.now() / 1000) + 259_200);
  });

  test("writes, and all his tabs have the echo; he sees the agent type, and then the answer with name and picture", async () => {
    const { client } = await stage.join();
    const { client: tab } = await stage.join(client.token);
    const tracingId = client.say("Hello, I need help");
    const echo = await client.echo(tracingId);
    assertFrame(echo, "structuredMessage.text.inboundEcho");
    assert.deepEqual(await tab.echo(tracingId), echo);
    await stage.agent({ do: "typing", name: "Robin" });
    assertFrame(await client.next("typing", ({ body }) => body.type === "Event"), "event.typingOn.outbound");
    await stage.agent({
      do: "message",
      text: "Let me look",
      name: "Robin",
      avatarUrl: "https://cdn.example/robin.png",
    });
    const answer = await client.outbound();
    assertFrame(answer, "structuredMessage.text.outboundAgent");
    assert.deepEqual(answer.body.channel.from, { nickname: "Robin", image: "https://cdn.example/robin.png" });
    assert.deepEqual(await tab.outbound(), answer);
  });

  test("who reloads finds his session, and its history newest first by the JWT he asks for", async () => {
    const { client } = await stage.join();
    for (const text of ["one", "two"]) await client.echo(client.say(text));
    await client.close();
    const { client: again, answer } = await stage.join(client.token);
    assert.equal(answer.newSession, false);
    assertLike(answer, readFixture("server/sessionResponse.existing").body);
    const frame = await again.answer(again.send("getJwt"));
    assertFrame(frame, "jwtResponse");
    const { status, page } = await again.history(frame.body.jwt);
    assert.equal(status, 200);
    assert.deepEqual(
      page.entities.map(({ text, direction }) => [text, direction]),
      [
        ["two", "Inbound"],
        ["one", "Inbound"],
      ],
    );
  });

  test("sends a file up with the headers he is given, is told that it is up, and sends it; a fresh link fetches it", async () => {
    const { client } = await stage.join();
    const attachmentId = crypto.randomUUID();
    const file = { fileName: "photo.png", fileType: "image/png", fileSize: PNG.length };
    const target = await client.answer(client.send("onAttachment", { attachmentId, ...file, errorsAsJson: true }));
    assertFrame(target, "presignedUrlResponse.upload", { but: ["headers"] });
    assert.equal(target.body.attachmentId, attachmentId);
    assert.ok(Object.keys(target.body.headers).length > 0);
    assert.equal(await client.put(target.body, PNG), 200);
    stage.clock.move(1000);
    assertFrame(await client.next("UploadSuccessEvent"), "uploadSuccessEvent");
    const content = [{ contentType: "Attachment", attachment: { id: attachmentId } }];
    const echo = await client.echo(client.say("See the photo", { content }));
    assertFrame(echo, "structuredMessage.text.inboundAttachmentEcho");
    const link = await client.answer(client.send("getAttachment", { attachmentId }));
    assertFrame(link, "presignedUrlResponse.download");
    assert.deepEqual(link.body.headers, {});
    assert.deepEqual(new Uint8Array(await (await fetch(link.body.url)).arrayBuffer()), PNG);
  });

  test("learns of a bad file when he asks, in the way he wants, or after it has come up", async () => {
    const { client } = await stage.join();
    const bad = { fileName: "tool.exe", fileType: "application/pdf", fileSize: 10 };
    const attachmentId = crypto.randomUUID();
    const asJson = await client.answer(client.send("onAttachment", { attachmentId, ...bad, errorsAsJson: true }));
    assertFrame(asJson, "generateUrlError.response400");
    assert.equal(asJson.body.errorCode, 4001);
    const asText = await client.answer(client.send("onAttachment", bad));
    assert.deepEqual([asText.class, asText.code, typeof asText.body], ["string", 4001, "string"]);
    const lie = { fileName: "photo.png", fileType: "image/png", fileSize: 4 };
    const target = await client.answer(client.send("onAttachment", lie));
    await client.put(target.body, Uint8Array.from([0x4d, 0x5a, 0, 0]));
    stage.clock.move(1000);
    const failure = await client.next("UploadFailureEvent");
    assertFrame(failure, "uploadFailureEvent");
    assert.equal(failure.body.errorCode, 4003);
  });

  test("chooses a quick reply, and its echo says which", async () => {
    const { client } = await stage.join();
    const quickReplies = [{ text: "Track order", payload: "TRACK" }];
    await stage.agent({ do: "quickReplies", text: "What do you want to do?", quickReplies });
    assertLike((await client.outbound()).body.content, [
      { contentType: "QuickReply", quickReply: { text: "", payload: "", action: "" } },
    ]);
    const { message } = readFixture("client/onMessage.quickReply.web");
    const echo = await client.echo(client.send("onMessage", { message }));
    assertFrame(echo, "structuredMessage.structured.quickReplyEcho");
    assert.equal((await stage.state()).sessions.at(-1).messages.at(-1).payload, "TRACK");
  });

  test("cannot write when the agent has left, closes the session and begins a new one on the same socket", async () => {
    const { client } = await stage.join();
    await client.echo(client.say("Hello"));
    await stage.agent({ do: "leave" });
    const left = await client.next("Disconnect", ({ body }) => body.type === "Event");
    assertFrame(left, "event.presenceDisconnect.readOnly");
    assert.equal(left.body.metadata.readOnly, "true");
    const refused = await client.answer(client.say("Still there?"));
    assertFrame(refused, "error.409.readOnly");
    const { client: reloaded, answer } = await stage.join(client.token);
    assert.deepEqual([answer.readOnly, answer.newSession], [true, false]);
    const closing = await client.answer(client.send("closeSession", { closeAllConnections: true }));
    assertFrame(closing, "sessionResponse.closed");
    assert.deepEqual(closing.body, { connected: false, newSession: false, readOnly: true });
    assertFrame(await reloaded.next("ConnectionClosedEvent"), "connectionClosedEvent");
    const begun = await client.answer(client.configure({ startNew: true }));
    assert.deepEqual([begun.body.newSession, begun.body.readOnly], [true, false]);
    await client.echo(client.say("Hello again"));
    const { jwt } = (await client.answer(client.send("getJwt"))).body;
    assert.equal((await client.history(jwt)).page.total, 1);
  });

  test("clears the conversation on all devices, and the same token then begins a new session", async () => {
    const { client } = await stage.join();
    const { client: other } = await stage.join(client.token);
    await client.echo(client.say("Forget this"));
    const echo = await client.echo(client.presence("Clear"));
    assertFrame(echo, "event.presenceClear.inboundEcho");
    for (const each of [client, other]) {
      assertFrame(await each.next("SessionClearedEvent"), "sessionClearedEvent");
      assertFrame(await each.next("ConnectionClosedEvent"), "connectionClosedEvent");
    }
    assert.equal(client.closed, undefined, "the client closes");
    assert.equal((await stage.join(client.token)).answer.newSession, true);
  });

  test("hears from a health check when the session ends, and that it has ended; the same token begins anew", async () => {
    const { client } = await stage.join();
    const echo = () => client.answer(client.send("echo", { message: { text: "ping", type: "Text" } }));
    const alive = await echo();
    assertFrame(alive, "echoResponse.sessionTiming");
    const first = Number(alive.body.metadata.expirationDate);
    stage.clock.move(HOURS_MS);
    await client.echo(client.say("Still here"));
    assert.equal(Number((await echo()).body.metadata.expirationDate), first + 3600);
    stage.clock.move(72 * HOURS_MS);
    assertFrame(await echo(), "sessionExpiredEvent");
    assert.equal((await client.answer(client.configure())).body.newSession, true);
  });

  test("is told of an expired session by any other request, too", async () => {
    const { client } = await stage.join();
    stage.clock.move(72 * HOURS_MS);
    assertFrame(await client.answer(client.say("Hello?")), "error.4006.sessionExpired");
    assertFrame(await client.answer(client.say("Hello?")), "error.4007.sessionNotFound");
  });

  test("who writes six times in a second has five echoes, and must wait", async () => {
    const { client } = await stage.join();
    const ids = Array.from({ length: 6 }, (_, index) => client.say(`Quick ${index}`));
    for (const id of ids.slice(0, 5)) await client.echo(id);
    const refused = await client.answer(ids[5] as string);
    assertFrame(refused, "tooManyRequests");
    assert.equal(refused.body.retryAfter, 1);
    stage.clock.move(1000);
    await client.echo(client.say("Slower"));
  });

  test("who opens a fourth tab loses the first", async () => {
    const { client } = await stage.join();
    const others: SecondClient[] = [];
    for (let tab = 2; tab <= 4; tab += 1) others.push((await stage.join(client.token)).client);
    assertFrame(await client.next("ConnectionClosedEvent"), "connectionClosedEvent");
    assertFrame(await client.answer(client.say("Hello?")), "error.4007.sessionNotFound");
    const [second] = others;
    assert.ok(second);
    await second.echo(second.say("I am still here"));
  });
});

describe("a guest of a deployment with auto-start", () => {
  const stage = setStage({ autoStart: true }, { bot: true });

  test("is greeted by the bot once he has joined, with his custom attributes", async () => {
    const { client } = await stage.join();
    const channel = { metadata: { customAttributes: { page: "/checkout" } } };
    const echo = await client.echo(client.presence("Join", { channel }));
    assertFrame(echo, "event.presenceJoin.inboundEcho");
    const typing = await client.next("typing", ({ body }) => body.type === "Event");
    assert.equal(typing.body.originatingEntity, "Bot");
    stage.clock.move(600);
    const greeting = await client.outbound();
    assertFrame(greeting, "structuredMessage.structured.quickReplies");
    assert.match(greeting.body.text, /Welcome to Fernweh/);
    assert.deepEqual((await stage.state()).sessions.at(-1).attributes, { page: "/checkout" });
  });
});

describe("a guest who signs in", () => {
  const ISSUER = "https://idp.example";
  const CLIENT = "chat-client";
  const nonce = "n-0S6";
  const provider = createProvider(ISSUER, { now: () => stage.clock.now() }).then((made) => {
    const metadata = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks`, token_endpoint: `${ISSUER}/token` };
    made.served.set(`${ISSUER}/.well-known/openid-configuration`, () => Response.json(metadata));
    return made;
  });
  const stage = setStage(
    {
      auth: {
        enabled: true,
        allowSessionUpgrade: true,
        provider: { issuer: ISSUER, clientId: CLIENT },
        jwtSeconds: 60,
      },
    },
    { fetch: async (request) => (await provider).fetch(request) },
  );
  const post = async (path: string, body: object) => {
    const response = await fetch(`${stage.url()}/api/v2/webdeployments/token/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200, await response.clone().text());
    return response.json();
  };
  /** Exchanges an ID token of somebody's: the JWT. */
  const signIn = async (sub: string): Promise<string> => {
    const claims = { sub, nonce, given_name: "Ada", family_name: "Guest", aud: CLIENT };
    const idToken = await (await provider).sign(claims);
    return (await post("oauthcodegrantjwtexchange", { deploymentId: DEPLOYMENT, oauth: { idToken, nonce } })).jwt;
  };
  const configure = (client: SecondClient, code: string, fields: object = {}) =>
    client.answer(
      client.send("configureAuthenticatedSession", {
        deploymentId: DEPLOYMENT,
        startNew: false,
        data: { code },
        ...fields,
      }),
    );

  test("has a session of his own, on all devices the same, and its echoes say so", async () => {
    const client = await stage.open();
    const frame = await configure(client, await signIn("ada"));
    assertFrame(frame, "sessionResponse.new");
    assert.equal((await client.echo(client.say("Hello"))).body.metadata.authenticated, "true");
    const phone = await stage.open();
    assert.equal((await configure(phone, await signIn("ada"))).body.newSession, false);
    const id = phone.say("From my phone");
    assert.equal((await client.echo(id)).body.text, "From my phone");
    assert.equal((await stage.state()).sessions.at(-1).name, "Ada Guest");
  });

  test("with a JWT that has expired is not authorized, and with a new one is", async () => {
    const client = await stage.open();
    const jwt = await signIn("bea");
    stage.clock.move(61_000);
    const late = await configure(client, jwt);
    assertFrame(late, "error.401.unauthorized");
    assert.equal((await configure(client, await signIn("bea"))).body.newSession, true);
  });

  test("in the middle of a conversation keeps it, and throws his older device out", async () => {
    const old = await stage.open();
    await configure(old, await signIn("cleo"));
    const { client } = await stage.join();
    await client.echo(client.say("Hello"));
    const tracingId = client.send("configureAuthenticatedSession", {
      deploymentId: DEPLOYMENT,
      data: { code: await signIn("cleo") },
    });
    assertFrame(await client.next("SignIn", ({ body }) => body.type === "Event"), "event.presenceSignIn.inbound");
    const frame = await client.answer(tracingId);
    assertFrame(frame, "sessionResponse.clearedExistingSession");
    assert.deepEqual([frame.body.newSession, frame.body.clearedExistingSession], [false, true]);
    assert.deepEqual((await old.next("ConnectionClosedEvent")).body, { reason: "signedIn" });
    const { jwt } = (await client.answer(client.send("getJwt"))).body;
    const { page } = await client.history(jwt);
    assert.deepEqual(
      page.entities.map(({ text, events }) => text ?? events[0].presence.type),
      ["SignIn", "Hello"],
    );
  });

  test("and logs out is told so on all devices, and his token is good for no guest any more", async () => {
    const jwt = await signIn("dora");
    const devices = [await stage.open(), await stage.open()] as const;
    for (const device of devices) await configure(device, jwt);
    const response = await fetch(`${stage.url()}/api/v2/webdeployments/token/revoke`, {
      method: "DELETE",
      headers: { authorization: `bearer ${jwt}` },
    });
    assert.equal(response.status, 204);
    for (const device of devices) assertFrame(await device.next("LogoutEvent"), "logoutEvent");
    const [device] = devices;
    assertFrame(await device.answer(device.configure()), "error.4017.cannotDowngrade");
    assertFrame(await configure(device, jwt), "error.401.unauthorized");
  });

  test("cannot go on as a guest with the same token", async () => {
    const client = await stage.open();
    await configure(client, await signIn("eva"));
    assertFrame(await client.answer(client.configure()), "error.4017.cannotDowngrade");
  });
});
