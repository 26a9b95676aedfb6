/** Files of a session: what the tabs see of them, what becomes of them when the line goes, and how they get into a message. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toFileFailure } from "../../../src/chat/files/file-failure.ts";
import type { Upload } from "../../../src/chat/rich.ts";
import { settle } from "../../support/fake-platform.ts";
import { type SeldomScene, startSeldom } from "../../support/seldom-script.ts";

const FILE = new File(["0123456789"], "photo.png", { type: "image/png" });
const FAILED = toFileFailure("CHAT_UPLOAD_FAILED");

async function startTalk(): Promise<SeldomScene> {
  const scene = await startSeldom();
  await scene.ask({ type: "open" });
  await scene.goLive();
  return scene;
}

/** Of the one file, as every tab sees it. */
const uploads = ({ session }: SeldomScene): readonly Upload[] => session.chat.state.uploads ?? [];
const shown = (scene: SeldomScene) => uploads(scene).map(({ phase, progress }) => `${phase} ${progress}`);

/** The dialect tells how far it is. */
const progress = (scene: SeldomScene, share: number, attachment = "a-1") => {
  const { upload } = scene.last("attach").command;
  return scene.tell({ type: "upload", upload: { ...upload, attachment, progress: share } });
};

/** Attached, and confirmed by Genesys as `attachment`. */
async function attach(scene: SeldomScene, id = "upload", attachment = "a-1") {
  const attaching = scene.ask({ type: "attach", file: FILE }, id);
  await settle();
  await scene.last("attach").resolve(attachment);
  assert.equal(await attaching, id);
}

const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error) => error.code,
  );

describe("a file that a guest attaches", () => {
  test("is seen on its way by every tab, and settles with its id when Genesys has it", async () => {
    const scene = await startTalk();
    const attaching = scene.ask({ type: "attach", file: FILE }, "upload");
    await settle();
    assert.deepEqual(uploads(scene), [
      { id: "upload", name: "photo.png", mime: "image/png", bytes: 10, phase: "uploading", progress: 0 },
    ]);
    await progress(scene, 0.5);
    assert.deepEqual(shown(scene), ["uploading 0.5"]);
    await scene.last("attach").resolve("a-1");
    assert.equal(await attaching, "upload");
    assert.deepEqual(shown(scene), ["uploaded 1"]);
  });

  test("bears a name in which nothing hides its ending", async () => {
    const scene = await startTalk();
    void scene.ask({ type: "attach", file: new File(["x"], "in\u202evoice.\u0007gpj.exe") });
    await settle();
    assert.equal(uploads(scene)[0]?.name, "invoice.gpj.exe");
  });

  test("that is not taken stays with its reason until the guest takes it away; others are not touched", async () => {
    const scene = await startTalk();
    await attach(scene, "good");
    const bad = outcomeOf(scene.ask({ type: "attach", file: FILE }, "bad"));
    await settle();
    await scene.last("attach").reject(toFileFailure("CHAT_FILE_TOO_LARGE", "x", "The limit is 10 MB."));
    assert.equal(await bad, "CHAT_FILE_TOO_LARGE");
    assert.deepEqual(shown(scene), ["uploaded 1", "failed 0"]);
    assert.equal(uploads(scene)[1]?.error?.guest, "This file is too large. The limit is 10 MB.");
    await scene.ask({ type: "detach", upload: "bad" });
    assert.deepEqual(shown(scene), ["uploaded 1"]);
  });

  test("before the chat was opened opens it, and waits for the line", async () => {
    const scene = await startSeldom();
    const attaching = scene.ask({ type: "attach", file: FILE }, "upload");
    await scene.goLive();
    await scene.last("attach").resolve("a-1");
    assert.equal(await attaching, "upload");
  });

  test("without a line for 30 s fails, and the session lives on", async () => {
    const scene = await startSeldom();
    const outcome = outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await scene.platform.pass(31_000);
    assert.equal(await outcome, "CHAT_OFFLINE");
    assert.deepEqual(shown(scene), ["failed 0"]);
  });

  test("when the conversation is over is refused at once", async () => {
    const scene = await startTalk();
    await scene.tell({ type: "readonly", sentAt: 0 });
    assert.equal(await outcomeOf(scene.ask({ type: "attach", file: FILE })), "CHAT_ENDED");
    assert.deepEqual(uploads(scene), []);
  });

  test("that is no file is refused at the door", async () => {
    const scene = await startTalk();
    const file = { name: "x", size: 1 } as unknown as File;
    assert.equal(await outcomeOf(scene.ask({ type: "attach", file })), "CHAT_UNSUPPORTED");
  });
});

describe("an upload that is cut at half", () => {
  test("begins anew at 0 with a new place, twice, and then fails with a reason", async () => {
    const scene = await startTalk();
    const outcome = outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await settle();
    for (const attempt of [1, 2, 3]) {
      assert.equal(scene.performed.filter(({ command }) => command.type === "attach").length, attempt);
      await progress(scene, 0.5);
      await scene.last("attach").reject(FAILED);
      assert.deepEqual(shown(scene), [attempt < 3 ? "uploading 0" : "failed 0.5"]);
      await scene.platform.pass(5_000);
    }
    assert.equal(await outcome, "CHAT_UPLOAD_FAILED");
    assert.equal(scene.performed.length, 3);
    assert.equal(scene.session.chat.state.phase, "live");
  });

  test("by a connection that closes goes on over the next one", async () => {
    const scene = await startTalk();
    const attaching = scene.ask({ type: "attach", file: FILE }, "upload");
    await settle();
    const first = scene.last("attach");
    await scene.platform.socket.close(1006);
    assert.equal(first.signal.aborted, true);
    await scene.platform.pass(2_000);
    await scene.goLive();
    await scene.platform.pass(2_000);
    const second = scene.last("attach");
    assert.notEqual(second.connection, first.connection);
    await second.resolve("a-2");
    assert.equal(await attaching, "upload");
    assert.equal(uploads(scene)[0]?.attachment, "a-2");
  });

  test("by silence of 15 s is tried again; while bytes go up there is no silence", async () => {
    const scene = await startTalk();
    void outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await settle();
    for (const share of [0.1, 0.2, 0.3]) {
      await scene.platform.pass(14_000);
      await scene.tell({ type: "typing", on: false });
      await progress(scene, share);
    }
    assert.equal(scene.performed.length, 1);
    await scene.platform.pass(14_000);
    await scene.tell({ type: "typing", on: false });
    await scene.platform.pass(3_000);
    assert.equal(scene.performed.length, 2);
  });
});

describe("when Genesys' word that the file has arrived is lost", () => {
  async function upAndSilent() {
    const scene = await startTalk();
    const outcome = outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await settle();
    await progress(scene, 1);
    await scene.platform.pass(14_000);
    await scene.tell({ type: "typing", on: false });
    await scene.platform.pass(1_500);
    return { scene, outcome };
  }

  test("the file is asked for by its id, once, and is there: it is not sent a second time", async () => {
    const { scene, outcome } = await upAndSilent();
    assert.deepEqual(scene.last("refresh-link").command, { type: "refresh-link", attachment: "a-1" });
    await scene.last("refresh-link").resolve("https://api.test/1");
    assert.equal(await outcome, "upload");
    assert.deepEqual(shown(scene), ["uploaded 1"]);
    assert.equal(scene.performed.length, 2);
  });

  test("and the file is not there, it is sent again", async () => {
    const { scene } = await upAndSilent();
    await scene.last("refresh-link").reject(toFileFailure("CHAT_FILE_GONE"));
    await scene.platform.pass(2_000);
    assert.equal(scene.performed.filter(({ command }) => command.type === "attach").length, 2);
    assert.equal(scene.performed.filter(({ command }) => command.type === "refresh-link").length, 1);
  });
});

describe("a file that a guest takes away", () => {
  test("on its way is gone from all tabs at once, and its upload is stopped", async () => {
    const scene = await startTalk();
    const outcome = outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await settle();
    const { signal } = scene.last("attach");
    await scene.ask({ type: "detach", upload: "upload" });
    assert.deepEqual(uploads(scene), []);
    assert.equal(signal.reason.code, "CHAT_UPLOAD_CANCELLED");
    assert.equal(await outcome, "CHAT_UPLOAD_CANCELLED");
  });

  test("between two attempts is not sent again", async () => {
    const scene = await startTalk();
    const outcome = outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await settle();
    await scene.last("attach").reject(FAILED);
    await scene.ask({ type: "detach", upload: "upload" });
    await scene.platform.pass(5_000);
    assert.equal(scene.performed.length, 1);
    assert.equal(await outcome, "CHAT_UPLOAD_CANCELLED");
    assert.deepEqual(uploads(scene), []);
  });

  test("when it is up is deleted at Genesys", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.ask({ type: "detach", upload: "upload" });
    assert.deepEqual(scene.last("detach").command, { type: "detach", attachment: "a-1" });
    assert.deepEqual(uploads(scene), []);
  });

  test("with the whole conversation is stopped too", async () => {
    const scene = await startTalk();
    const outcome = outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await settle();
    await scene.tell({ type: "cleared", epoch: "next" });
    assert.equal(await outcome, "CHAT_UPLOAD_CANCELLED");
    assert.deepEqual(uploads(scene), []);
  });
});

describe("a message with a file", () => {
  test("goes out with the file's id, shows it at once, and takes it from the uploads", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.ask({ type: "send", text: "Look", attachment: "upload" }, "m");
    const { text, attachments } = scene.last("send").command;
    assert.deepEqual([text, attachments?.map(({ id }) => id)], ["Look", ["a-1"]]);
    assert.deepEqual(scene.session.chat.messages.get("m")?.attachments, [
      { id: "a-1", name: "photo.png", mime: "image/png", bytes: 10 },
    ]);
    assert.deepEqual(uploads(scene), []);
  });

  test("needs no text", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.ask({ type: "send", text: " ", attachment: "upload" }, "m");
    assert.ok(!scene.last("send").command.text);
    assert.equal(scene.session.chat.messages.get("m")?.text, undefined);
  });

  test("waits while the line is down, over a restart too, and goes out with its file", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.platform.socket.close(1006);
    await scene.ask({ type: "send", text: "Look", attachment: "upload" }, "m");
    const next = await scene.restart();
    await next.platform.pass(2_000);
    await next.goLive();
    assert.deepEqual(
      next.last("send").command.attachments?.map(({ id }) => id),
      ["a-1"],
    );
    assert.deepEqual(uploads(next), []);
  });

  test("whose echo never came is sent once more as it was", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.ask({ type: "send", text: "Look", attachment: "upload" }, "m");
    await scene.platform.socket.close(1006);
    await scene.platform.pass(2_000);
    await scene.goLive();
    const sends = scene.performed.filter(({ command }) => command.type === "send");
    assert.equal(sends.length, 2);
    assert.deepEqual(sends[0]?.command, sends[1]?.command);
  });

  test("has the file's link from the echo, and a fresh one when that is asked for", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.ask({ type: "send", text: "Look", attachment: "upload" }, "m");
    const attachments = [{ id: "a-1", name: "photo.png", url: "https://api.test/1" }];
    await scene.tell({ type: "delivered", id: "m", serverId: "s", sentAt: 1, attachments });
    const url = () => scene.session.chat.messages.get("m")?.attachments?.[0]?.url;
    assert.equal(url(), "https://api.test/1");
    const asked = scene.ask({ type: "refresh-link", attachment: "a-1" });
    await settle();
    await scene.tell({ type: "link", attachment: "a-1", url: "https://api.test/2" });
    await scene.last("refresh-link").resolve("https://api.test/2");
    assert.equal(await asked, "https://api.test/2");
    assert.equal(url(), "https://api.test/2");
  });

  test("that has failed is sent again with its file", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.ask({ type: "send", text: "Look", attachment: "upload" }, "m");
    await scene.tell({ type: "rejected", id: "m", error: { code: "CHAT_MESSAGE_REFUSED" } });
    await scene.ask({ type: "retry", message: "m" });
    assert.deepEqual(
      scene.last("send").command.attachments?.map(({ id }) => id),
      ["a-1"],
    );
  });

  test("whose file is not there any more keeps the text, as one that was not sent", async () => {
    const scene = await startTalk();
    await scene.ask({ type: "send", text: "Look", attachment: "gone" }, "m");
    const message = scene.session.chat.messages.get("m");
    assert.deepEqual([message?.text, message?.delivery, message?.error?.code], ["Look", "failed", "CHAT_FILE_GONE"]);
    assert.equal(await outcomeOf(scene.ask({ type: "send", text: "", attachment: "gone" })), "CHAT_FILE_GONE");
  });

  test("whose file is still on its way does not wait for it: the file follows when it is up, once", async () => {
    const scene = await startTalk();
    void scene.ask({ type: "attach", file: FILE }, "upload");
    await settle();
    assert.equal(await scene.ask({ type: "send", text: "Look", attachment: "upload" }, "m"), "m");
    assert.deepEqual(scene.last("send").command.text, "Look");
    assert.equal(scene.last("send").command.attachments, undefined);
    assert.ok(uploads(scene)[0]?.wanted);
    // Pressed again, or in another tab.
    await scene.ask({ type: "send", text: "", attachment: "upload" });
    await scene.tell({ type: "delivered", id: "m", serverId: "s-1", sentAt: 1 });
    await progress(scene, 0.5);
    assert.ok(uploads(scene)[0]?.wanted, "progress does not make it unwanted");
    await scene.last("attach").resolve("a-1");
    assert.deepEqual(uploads(scene), []);
    const sends = scene.performed.filter(({ command }) => command.type === "send");
    assert.equal(sends.length, 2);
    const { text, attachments } = scene.last("send").command;
    assert.deepEqual([text, attachments?.map(({ id }) => id)], [undefined, ["a-1"]]);
  });

  test("without a text goes as what it was sent as, when its file is up", async () => {
    const scene = await startTalk();
    void scene.ask({ type: "attach", file: FILE }, "upload");
    await settle();
    assert.equal(await scene.ask({ type: "send", text: "", attachment: "upload" }, "m"), "m");
    assert.equal(scene.session.chat.messages.size, 0);
    await scene.last("attach").resolve("a-1");
    assert.equal(scene.session.chat.messages.get("m")?.attachments?.[0]?.id, "a-1");
  });

  test("whose file fails keeps it with its reason, and does not send it by itself when it is tried again", async () => {
    const scene = await startTalk();
    void outcomeOf(scene.ask({ type: "attach", file: FILE }, "upload"));
    await settle();
    await scene.ask({ type: "send", text: "", attachment: "upload" });
    await scene.last("attach").reject(toFileFailure("CHAT_FILE_TOO_LARGE"));
    const [failed] = uploads(scene);
    assert.deepEqual(
      [failed?.phase, failed?.wanted, failed?.error?.code],
      ["failed", undefined, "CHAT_FILE_TOO_LARGE"],
    );
    await attach(scene, "again", "a-2");
    assert.equal(scene.session.chat.messages.size, 0);
  });

  test("that two tabs send sends its file once", async () => {
    const scene = await startTalk();
    await attach(scene);
    await scene.ask({ type: "send", text: "one", attachment: "upload" }, "m1");
    await scene.ask({ type: "send", text: "two", attachment: "upload" }, "m2");
    assert.equal(scene.session.chat.messages.get("m2")?.delivery, "failed");
  });
});

describe("when all tabs are reloaded", () => {
  test("a file that is up is still there, and of one on its way the guest is told that it was not sent", async () => {
    const scene = await startTalk();
    await attach(scene);
    void outcomeOf(scene.ask({ type: "attach", file: FILE }, "half"));
    await settle();
    await progress(scene, 0.5, "a-2");
    await scene.ask({ type: "send", text: "", attachment: "half" });
    const next = await scene.restart();
    assert.deepEqual(
      uploads(next).map(({ id, phase, error }) => [id, phase, error?.guest]),
      [
        ["upload", "uploaded", undefined],
        ["half", "failed", "The file was not sent."],
      ],
    );
    await next.goLive();
    await next.ask({ type: "send", text: "Look", attachment: "upload" }, "m");
    assert.deepEqual(
      next.last("send").command.attachments?.map(({ id }) => id),
      ["a-1"],
    );
  });

  test("a file that was up and on its way into a message goes into it, once", async () => {
    const scene = await startTalk();
    await attach(scene);
    const standing = scene.store.all("keep")[0] as object;
    const [upload] = uploads(scene);
    await scene.store.put("keep", "standing", { ...standing, uploads: [{ ...upload, wanted: "m" }] });
    const next = await startSeldom({ store: scene.store });
    await next.goLive();
    await settle();
    assert.deepEqual(uploads(next), []);
    assert.equal(next.session.chat.messages.get("m")?.attachments?.[0]?.id, "a-1");
    const standingNow = next.store.all("keep")[0] as object;
    await next.store.put("keep", "standing", { ...standingNow, uploads: [{ ...upload, wanted: "m" }] });
    const last = await next.restart();
    assert.deepEqual(uploads(last), []);
    assert.equal(last.session.chat.messages.size, 1);
  });

  for (const [how, act] of Object.entries({
    "was sent": (scene: SeldomScene) => scene.ask({ type: "send", text: "x", attachment: "upload" }),
    "was taken away": (scene: SeldomScene) => scene.ask({ type: "detach", upload: "upload" }),
    "went with its conversation": (scene: SeldomScene) => scene.tell({ type: "cleared", epoch: "next" }),
    "was erased": (scene: SeldomScene) => scene.ask({ type: "terminate" }),
  })) {
    test(`a file that ${how} does not come back`, async () => {
      const scene = await startTalk();
      await attach(scene);
      await act(scene);
      assert.deepEqual(uploads(await scene.restart()), []);
    });
  }

  test("what was kept and is damaged is left aside", async () => {
    const scene = await startTalk();
    await attach(scene);
    const standing = scene.store.all("keep")[0] as object;
    for (const uploads of [7, "x", {}, [7, null, { id: 1 }, { phase: "uploaded" }]]) {
      await scene.store.put("keep", "standing", { ...standing, uploads });
      const next = await startSeldom({ store: scene.store });
      assert.deepEqual(next.session.chat.state.uploads ?? [], []);
    }
  });
});
