/** A conversation that is over, and its page is loaded again: the guest reads what was said before, and opens its files. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../../src/chat/command.ts";
import { startWebScene, type WebSceneOptions } from "../../support/web-messaging-scene.ts";
import { event, frame, message, refusal, said, session } from "../../support/web-messaging-script.ts";

const at = (minute: number) => `2031-05-10T08:${String(minute).padStart(2, "0")}:00.000Z`;
const OVER = { newSession: false, readOnly: true };
const FILE = { id: "f-1", filename: "form.pdf", mime: "application/pdf", url: "https://files.example/old" };

/** Of sixty messages the last 25 are there. */
async function startOver(given: WebSceneOptions = {}) {
  const past = Array.from({ length: 60 }, (_, n) => message({ id: `s-${n}`, text: `${n}`, at: at(n) }));
  const scene = await startWebScene({ past, ...given });
  await scene.ask({ type: "open" });
  await scene.goLive({ newSession: false });
  const content = [{ contentType: "Attachment", attachment: FILE }];
  const last = { id: "s-60", content, type: "Structured", at: "2031-05-10T09:00:00.000Z" };
  scene.past.push(message(last));
  await scene.tell(said(last));
  await scene.tell(
    event([{ eventType: "Presence", presence: { type: "Disconnect" } }], { metadata: { readOnly: "true" } }),
  );
  const next = await scene.restart();
  assert.equal(next.session.chat.state.phase, "readonly");
  assert.equal(next.platform.sockets.length, 1);
  const phases = new Set<string>();
  next.session.subscribe(() => phases.add(next.session.chat.state.phase));
  const ask = (command: Command) => {
    const done = next.session.dispatch({ id: next.platform.randomId(), command, at: 0 });
    done.catch(() => {});
    return done;
  };
  const numbers = () => next.texts().filter((text) => /^\d+$/.test(text ?? ""));
  return { ...next, ask, phases, numbers };
}

test("older messages come by a connection that is opened for them, begins nothing, and is closed again", async () => {
  const scene = await startOver({ conversations: { autoStart: { enabled: true } } });
  assert.equal(scene.numbers().length, 25);
  const done = scene.ask({ type: "load-earlier" });
  await scene.platform.pass(0);
  await scene.goLive(OVER);
  await done;
  // A page less the one that was there.
  assert.equal(scene.numbers().length, 25 + 24);
  assert.equal(scene.platform.sockets.length, 2);
  assert.equal(scene.platform.socket.closedWith?.code, 1000);
  assert.deepEqual(
    scene.sent("configureSession").map(({ startNew }) => startNew),
    [false],
  );
  assert.equal(scene.sent("onMessage").length, 0);
  assert.deepEqual([...scene.phases], ["readonly"]);
  await scene.platform.pass(3_600_000);
  assert.equal(scene.platform.sockets.length, 2);
});

test("links that have run out are asked for again, all by one connection; one that is not to be had may be asked for again", async () => {
  const scene = await startOver();
  const links = ["f-1", "f-2"].map((attachment) => scene.ask({ type: "refresh-link", attachment }));
  await scene.platform.pass(0);
  await scene.goLive(OVER);
  await scene.platform.pass(0);
  const [first, second] = scene.sent("getAttachment");
  const link = { attachmentId: "f-1", url: "https://files.example/new", headers: {} };
  await scene.tell(
    frame("PresignedUrlResponse", link, { type: "response", tracingId: first?.tracingId }),
    refusal(4009, "Attachment not found", second?.tracingId),
  );
  assert.equal(await links[0], "https://files.example/new");
  await assert.rejects(Promise.resolve(links[1]), { code: "CHAT_FILE_GONE" });
  const [url] = scene.messages().flatMap(({ attachments = [] }) => attachments.map((each) => each.url));
  assert.equal(url, "https://files.example/new");
  assert.equal(scene.platform.sockets.length, 2);

  const again = scene.ask({ type: "refresh-link", attachment: "f-1" });
  await scene.platform.pass(0);
  await scene.goLive(OVER);
  await scene.platform.pass(0);
  const [third] = scene.sent("getAttachment");
  await scene.tell(frame("PresignedUrlResponse", link, { type: "response", tracingId: third?.tracingId }));
  assert.equal(await again, "https://files.example/new");
  assert.deepEqual([...scene.phases], ["readonly"]);
});

test("without a network it says so, and is over as before", async () => {
  const scene = await startOver({ past: [message({ id: "s-0", text: "0", at: at(0) })] });
  const done = scene.ask({ type: "load-earlier" });
  await scene.platform.pass(31_000);
  await assert.rejects(done, { code: "CHAT_CONNECTION_LOST" });
  const { length } = scene.platform.sockets;
  await scene.platform.pass(3_600_000);
  assert.equal(scene.platform.sockets.length, length);
  assert.equal(scene.session.chat.state.phase, "readonly");
  assert.deepEqual(scene.numbers(), ["0"]);
});

test("a session that Genesys has forgotten is not begun anew by a look back", async () => {
  const scene = await startOver();
  const done = scene.ask({ type: "load-earlier" });
  await scene.platform.pass(0);
  await scene.platform.socket.open();
  await scene.tell(refusal(4007, "Session not found", scene.sent("configureSession")[0]?.tracingId));
  await assert.rejects(done, { code: "CHAT_SESSION_EXPIRED" });
  await scene.platform.pass(60_000);
  assert.equal(scene.platform.sockets.length, 2);
  assert.ok(!scene.texts().includes("new-conversation"));
  assert.equal(scene.session.chat.state.phase, "readonly");
});

test("a new conversation that is begun meanwhile begins, and does not wait for it", async () => {
  const scene = await startOver();
  const done = scene.ask({ type: "load-earlier" });
  await scene.platform.pass(0);
  await scene.platform.socket.open();
  const looking = scene.platform.socket;
  await scene.ask({ type: "start-new" });
  await assert.rejects(done, { code: "CHAT_INTERRUPTED" });
  assert.equal(looking.closedWith?.code, 1000);
  await scene.platform.pass(0);
  await scene.goLive(OVER);
  assert.equal(scene.sent("closeSession").length, 1);
  await scene.tell(session({ connected: false, ...OVER }));
  await scene.tell(session());
  assert.equal(scene.session.chat.state.phase, "live");
});

test("a guest who signed out elsewhere meanwhile is forgotten here, too", async () => {
  const scene = await startOver();
  const done = scene.ask({ type: "load-earlier" });
  await scene.platform.pass(0);
  await scene.platform.socket.open();
  await scene.tell(frame("LogoutEvent", {}));
  await assert.rejects(done, { code: "CHAT_INTERRUPTED" });
  await scene.platform.pass(0);
  assert.equal(scene.session.chat.state.phase, "ended");
  assert.deepEqual(scene.texts(), []);
  assert.ok(!JSON.stringify(scene.store.all("keep")).includes("secrets"));
});
