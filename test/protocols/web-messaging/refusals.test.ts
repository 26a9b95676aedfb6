/** What the platform refuses, and when: a session over web messaging on a fake platform does what the reference's tables ask for. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startWebScene, type WebFrame, type WebScene } from "../../support/web-messaging-scene.ts";
import { configuration, echo, event, frame, refusal, said } from "../../support/web-messaging-script.ts";

async function startLive(given = {}) {
  const scene = await startWebScene(given);
  await scene.ask({ type: "open" });
  await scene.goLive();
  return scene;
}

const sent = (scene: WebScene) =>
  scene.sent("onMessage").map(({ tracingId, message }) => ({ tracingId, attributes: message?.channel !== undefined }));

const tooMany = (tracingId: string | undefined, retryAfter: number) =>
  frame("TooManyRequestsErrorMessage", { retryAfter, errorCode: 429 }, { type: "response", code: 429, tracingId });

describe("a Join that is refused", () => {
  const conversations = { autoStart: { enabled: true } };

  test("for its attributes goes again without them: the conversation still starts (row 66)", async () => {
    const scene = await startLive({ conversations, attributes: { plan: "gold" } });
    const [join] = sent(scene);
    assert.ok(join?.attributes);
    await scene.tell(refusal(4013, "Custom attributes are larger than 2048 bytes", join.tracingId));
    assert.deepEqual(sent(scene), [join, { ...join, attributes: false }]);
    assert.equal(scene.session.chat.state.reason?.code, "CHAT_ATTRIBUTES_TOO_LARGE");
  });

  test("as one too many goes again after the pause that is asked for, with its id, and its attributes", async () => {
    const scene = await startLive({ conversations, attributes: { plan: "gold" } });
    const [join] = sent(scene);
    await scene.tell(tooMany(join?.tracingId, 7));
    await scene.platform.pass(6_900);
    assert.equal(sent(scene).length, 1);
    await scene.platform.pass(200);
    assert.deepEqual(sent(scene), [join, join]);
    const joined = [{ eventType: "Presence", presence: { type: "Join" } }];
    await scene.tell(event(joined, { direction: "Inbound" }).replace("{", `{"tracingId":"${join?.tracingId}",`));
    await scene.platform.pass(60_000);
    assert.equal(sent(scene).length, 2);
  });

  test("for another reason is told to the site owner", async () => {
    const scene = await startLive({ conversations });
    await scene.tell(refusal(500, "oops", sent(scene)[0]?.tracingId));
    assert.equal(scene.session.chat.state.reason?.code, "CHAT_REFUSED");
    assert.equal(scene.session.chat.state.phase, "live");
  });
});

test("another device's message does not say that our attributes have arrived: ours go with the next one, too", async () => {
  const scene = await startLive({ attributes: { plan: "gold" } });
  await scene.ask({ type: "send", text: "ours" }, "m-1");
  await scene.tell(echo("elsewhere", { id: "s-0", text: "theirs" }));
  await scene.tell(refusal(500, "oops", "m-1"));
  await scene.ask({ type: "send", text: "again" }, "m-2");
  await scene.platform.pass(2_000);
  assert.deepEqual(
    sent(scene).map(({ attributes }) => attributes),
    [true, true],
  );
});

describe("a session that ends as something else is asked", () => {
  async function askHistory(code: number) {
    const scene = await startLive();
    await scene.tell(said({ id: "s-0", text: "Welcome" }));
    await scene.platform.socket.close(1006);
    await scene.platform.pass(2_000);
    const { socket } = scene.platform;
    await socket.open();
    socket.onSent = (asked) => {
      const { action, tracingId } = asked as unknown as WebFrame;
      if (action === "getJwt") void socket.send(JSON.parse(refusal(code, "over", tracingId)));
    };
    await socket.send(JSON.parse(frame("SessionResponse", { connected: true, newSession: false, readOnly: false })));
    await scene.platform.pass(10);
    return scene;
  }

  test("is over: an expired one rests until the guest writes", async () => {
    const scene = await askHistory(4006);
    assert.equal(scene.session.chat.state.phase, "idle");
  });

  test("is over: one that is not found is another one, below a divider", async () => {
    const scene = await askHistory(4007);
    await scene.platform.pass(2_000);
    assert.equal(scene.platform.sockets.length, 3);
    await scene.goLive({ newSession: true });
    assert.deepEqual(scene.texts(), ["Welcome", "new-conversation"]);
  });
});

test("a token that is a signed-in guest's is another one, below one divider (4017)", async () => {
  const scene = await startLive();
  const [{ token } = { token: "" }] = scene.sent("configureSession");
  await scene.tell(said({ id: "s-0", text: "Welcome" }));
  await scene.tell(refusal(4017, "authenticated"));
  await scene.platform.pass(2_000);
  await scene.goLive({ newSession: true });
  assert.notEqual(scene.sent("configureSession")[0]?.token, token);
  assert.deepEqual(scene.texts(), ["Welcome", "new-conversation"]);
});

test("a pause that is absurd is a quarter of an hour (row 37)", async () => {
  const scene = await startLive();
  await scene.ask({ type: "send", text: "Hello" }, "m-1");
  await scene.tell(tooMany("m-1", 1e9));
  await scene.platform.pass(890_000);
  assert.equal(sent(scene).length, 1);
  await scene.platform.pass(11_000);
  assert.equal(sent(scene).length, 2);
});

test("a deployment that cannot be had is known for a day from when it was had, however often the worker begins (row 16)", async () => {
  const down = { file: () => Promise.reject(new TypeError("Failed to fetch")) };
  let scene = await startLive();
  for (const hours of [20, 3]) {
    scene.session.stop();
    scene.platform.jump(hours * 3_600_000);
    scene = await scene.restart(down);
    await scene.goLive({ newSession: false });
    assert.equal(scene.session.chat.state.phase, "live");
  }
  scene.session.stop();
  scene.platform.jump(2 * 3_600_000);
  scene = await scene.restart(down);
  await scene.platform.pass(10_000);
  assert.equal(scene.session.chat.state.reason?.code, "CHAT_DEPLOYMENT_UNREACHABLE");
});

test("text in content that nobody can show is read beside the message's own", async () => {
  const scene = await startLive();
  const content = [{ contentType: "FutureContent", futureContent: { text: "IMPORTANT" } }];
  await scene.tell(said({ id: "s-1", text: "Hi", type: "Structured", content }));
  assert.deepEqual(scene.texts(), ["Hi\nIMPORTANT"]);
});

describe("pages of history", () => {
  const past = Array.from({ length: 400 }, (_, n) => ({
    id: `s-${n}`,
    text: `${n}`,
    direction: "Outbound",
    type: "Text",
    channel: { time: new Date(Date.UTC(2031, 4, 10, 8, 0, n)).toISOString(), type: "Private" },
  }));

  test("that have to wait are asked for with a JWT that is fresh then", async () => {
    const scene = await startWebScene({ past });
    await scene.ask({ type: "open" });
    await scene.goLive({ newSession: false });
    for (let page = 2; page <= 11; page += 1) void scene.ask({ type: "load-earlier" });
    await scene.platform.pass(1_000);
    assert.equal(scene.pages.length, 10);
    const before = scene.sent("getJwt").length;
    await scene.platform.pass(67_000);
    assert.equal(scene.pages.length, 11);
    assert.equal(scene.sent("getJwt").length, before + 1);
  });

  test("are asked for again when the server wants it (row 76)", async () => {
    let answers = 0;
    const page = () => {
      answers += 1;
      return answers === 1 ? new Response("", { status: 429, headers: { "Retry-After": "20" } }) : undefined;
    };
    const scene = await startWebScene({ past: past.slice(0, 3), page });
    await scene.ask({ type: "open" });
    await scene.goLive({ newSession: false });
    await scene.platform.pass(19_000);
    assert.equal(scene.pages.length, 1);
    await scene.platform.pass(2_000);
    assert.deepEqual(scene.texts(), ["0", "1", "2"]);
  });
});

test("an old deployment's upload modes are taken together", async () => {
  const file = configuration() as { messenger: { fileUpload?: object } };
  file.messenger.fileUpload = {
    modes: [
      { fileTypes: ["image/png"], maxFileSizeKB: 100 },
      { fileTypes: ["application/pdf"], maxFileSizeKB: 200 },
    ],
  };
  const scene = await startLive({ file: () => Response.json(file) });
  const { types, bytes } = scene.session.chat.state.uploadRules ?? {};
  assert.deepEqual([types, bytes], [["image/png", "application/pdf"], 200_000]);
});
