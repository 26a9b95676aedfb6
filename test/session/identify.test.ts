/** Telling Genesys who a guest is, while the session goes on: the ticket is replaced, and a guest that is gone is renewed. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Identity } from "../../src/chat/profile.ts";
import { problem, type Scene, sessionAnswer, startScene } from "../support/guest-api-script.ts";

const IDENTITY: Identity = { idToken: "head.payload.signature", nonce: "n" };
const IDENTIFY = { type: "identify", identity: IDENTITY } as const;

const profileAnswer = (ticket: string): Response =>
  Response.json({ providerId: "https://idp.test", syncedAt: "2026-11-22T12:00:00.000Z", ticket, now: 0 });

/** Session calls are answered as ever, the others by what is handed in. */
async function startTalk(profile: (attempt: number) => Response): Promise<Scene> {
  const scene = await startScene();
  const { platform } = scene;
  let attempts = 0;
  platform.answer = (url) => {
    if (!url.endsWith("/profile")) return sessionAnswer(platform);
    attempts += 1;
    return profile(attempts);
  };
  await scene.ask({ type: "open" });
  await scene.goLive();
  return scene;
}

const calls = ({ platform }: Scene, path: string) => platform.requests.filter(({ url }) => url.endsWith(path));

describe("identifying", () => {
  test("gives the profile back, without a ticket in it", async () => {
    const scene = await startTalk(() => profileAnswer("next"));
    assert.deepEqual(await scene.ask(IDENTIFY), {
      providerId: "https://idp.test",
      syncedAt: "2026-11-22T12:00:00.000Z",
    });
    assert.equal(calls(scene, "/profile")[0]?.headers.Authorization, "Bearer ticket-1");
  });

  test("the next renewal goes with the ticket that carries the profile", async () => {
    const scene = await startTalk(() => profileAnswer("with-profile"));
    await scene.ask(IDENTIFY);
    await scene.platform.pass(3_400_000);
    assert.equal(calls(scene, "/refresh")[0]?.headers.Authorization, "Bearer with-profile");
  });

  test("without a session it is refused with a reason, and nobody is asked", async () => {
    const scene = await startScene();
    await assert.rejects(scene.ask(IDENTIFY), { code: "CHAT_NO_SESSION" });
    assert.equal(scene.platform.requests.length, 0);
  });

  test("asked for while the broker cannot be reached yet, it waits until there is a session", async () => {
    const scene = await startScene();
    const { platform } = scene;
    platform.answer = () => problem(503, "down");
    await scene.ask({ type: "open" });
    assert.equal(scene.session.chat.state.phase, "waiting");
    const profile = scene.ask(IDENTIFY);
    platform.answer = (url) => (url.endsWith("/profile") ? profileAnswer("next") : sessionAnswer(platform));
    while (platform.sockets.length === 0) await platform.pass(1_000);
    await scene.goLive();
    assert.equal(((await profile) as { providerId: string }).providerId, "https://idp.test");
  });

  test("a guest that Genesys has lost is renewed, and told of once more; the talk goes on", async () => {
    const scene = await startTalk((attempt) =>
      attempt === 1 ? problem(404, "guest_gone") : profileAnswer("with-profile"),
    );
    const profile = scene.ask(IDENTIFY);
    await profile;
    assert.equal(calls(scene, "/refresh").length, 1);
    assert.equal(calls(scene, "/profile").length, 2);
    await scene.goLive();
    assert.equal(scene.platform.sockets.length, 2);
    assert.equal(scene.session.chat.state.phase, "live");
  });

  test("a guest that is still gone then is not asked for a third time", async () => {
    const scene = await startTalk(() => problem(404, "guest_gone"));
    await assert.rejects(scene.ask(IDENTIFY), { code: "CHAT_REFUSED" });
    assert.equal(calls(scene, "/profile").length, 2);
  });

  test("a broker that does not answer is given up after 10 s", async () => {
    const scene = await startTalk(() => profileAnswer("late"));
    const { platform } = scene;
    platform.answer = (_url, _body, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const outcome = assert.rejects(scene.ask(IDENTIFY), { code: "CHAT_BROKER_UNREACHABLE" });
    while (calls(scene, "/profile").length === 0) await new Promise(setImmediate);
    await platform.pass(10_000);
    await outcome;
  });
});
