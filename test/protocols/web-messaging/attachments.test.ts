/** Files over one connection, as Genesys' socket and storage answer: what goes out, what the tabs hear, and how it ends. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HandlerEvent } from "../../../src/chat/event.ts";
import { toErrorData } from "../../../src/chat/failure.ts";
import { toFileFailure } from "../../../src/chat/files/file-failure.ts";
import type { Upload, UploadRules } from "../../../src/chat/rich.ts";
import { createAttachments } from "../../../src/protocols/web-messaging/attachments.ts";
import { type Answer, parseAnswer } from "../../../src/wire/web-messaging/answers.ts";
import { createFakePlatform, settle } from "../../support/fake-platform.ts";

const RULES: UploadRules = { types: ["image/*", "application/pdf"], bytes: 10_240_000, blocked: [".exe"] };
const URL_UP = "https://uploads.test/photo.png?sig=abc";
const URL_DOWN = "https://api.test/downloads/1";
const HEADERS = { "x-amz-tagging": "organizationId=made-up&originPlatform=Example" };

interface Given {
  name?: string;
  type?: string;
  bytes?: number;
  rules?: UploadRules | null;
}

/** One file that is being attached. */
function begin({ name = "photo.png", type = "image/png", bytes = 400, rules = RULES }: Given = {}) {
  const platform = createFakePlatform();
  const sent: Record<string, unknown>[] = [];
  const events: HandlerEvent[] = [];
  const cancel = new AbortController();
  const life = new AbortController();
  const attachments = createAttachments({
    connection: { platform, now: platform.clock.now, emit: (event) => events.push(event), signal: life.signal },
    request(action, fields) {
      sent.push({ action, ...fields });
      return `tracing-${sent.length}`;
    },
    rules: () => rules ?? undefined,
  });
  const file = new File([new Uint8Array(bytes)], name, { type });
  const upload: Upload = { id: "upload", name, mime: type, bytes, phase: "uploading", progress: 0 };
  const outcome = attachments.attach(upload, file, cancel.signal).then(
    (attachment) => attachment,
    (error) => toErrorData(error),
  );
  return {
    platform,
    sent,
    outcome,
    cancel,
    life,
    attachments,
    shown: () => events.flatMap((event) => (event.type === "upload" ? [event.upload] : [])),
    /** Genesys' id of the file, as it went out. */
    attachment: () => String(sent[0]?.attachmentId),
    links: () => events.filter(({ type }) => type === "link"),
    async hear(name: string, body: unknown, more: object = {}): Promise<boolean> {
      const answer = parseAnswer(JSON.stringify({ type: "message", class: name, code: 200, body, ...more })) as Answer;
      const taken = attachments.receive(answer);
      await settle();
      return taken;
    },
    /** Genesys gives it a place. */
    async place() {
      return this.hear(
        "PresignedUrlResponse",
        { attachmentId: this.attachment(), headers: HEADERS, url: URL_UP, fileName: name, fileSize: bytes },
        { tracingId: "tracing-1" },
      );
    },
  };
}

const codeOf = async (outcome: Promise<unknown>) => (await (outcome as Promise<{ code?: string }>)).code;

describe("a file on its way to Genesys", () => {
  test("is asked for with an id of its own, put with exactly the headers that came, and there only when Genesys says so", async () => {
    const file = begin();
    assert.deepEqual(file.sent, [
      {
        action: "onAttachment",
        attachmentId: file.attachment(),
        fileName: "photo.png",
        fileType: "image/png",
        fileSize: 400,
        errorsAsJson: true,
      },
    ]);
    await file.place();
    const [put] = file.platform.uploads;
    assert.deepEqual([put?.url, put?.headers, put?.file.size, put?.file.type], [URL_UP, HEADERS, 400, "image/png"]);
    await put?.answer(200);
    const first = await Promise.race([file.outcome, settle().then(() => "still waiting")]);
    assert.equal(first, "still waiting");
    await file.hear("UploadSuccessEvent", { attachmentId: file.attachment(), downloadUrl: URL_DOWN });
    assert.equal(await file.outcome, file.attachment());
  });

  test("shows how far it is, not more than four times a second, and is not full before the storage has answered", async () => {
    const file = begin();
    await file.place();
    const [put] = file.platform.uploads;
    for (let step = 0; step <= 100; step += 1) {
      await put?.progress(step / 100);
      await file.platform.pass(20);
    }
    const shares = file.shown().map(({ progress }) => progress);
    assert.ok(shares.length >= 6 && shares.length <= 2 * 4 + 2, `${shares.length} in 2 s`);
    assert.ok(shares.every((share) => share < 1));
    await put?.answer(204);
    assert.equal(file.shown().at(-1)?.progress, 1);
  });

  test("that Genesys confirms before the storage has answered is there all the same", async () => {
    const file = begin();
    await file.place();
    await file.hear("UploadSuccessEvent", { attachmentId: file.attachment() });
    assert.equal(await file.outcome, file.attachment());
  });

  test("goes by the id that Genesys gives it, where that is another", async () => {
    const file = begin();
    await file.hear(
      "PresignedUrlResponse",
      { attachmentId: "theirs", headers: HEADERS, url: URL_UP },
      { tracingId: "tracing-1" },
    );
    await file.platform.uploads[0]?.answer(200);
    await file.hear("UploadSuccessEvent", { attachmentId: "theirs" });
    assert.equal(await file.outcome, "theirs");
  });

  test("does not take another file's answers for its own", async () => {
    const file = begin();
    assert.equal(
      await file.hear("PresignedUrlResponse", { attachmentId: "x", url: URL_UP, headers: {} }, { tracingId: "else" }),
      false,
    );
    assert.equal(await file.hear("UploadFailureEvent", { attachmentId: "x", errorCode: 4001 }), false);
    await file.place();
    assert.equal(await file.hear("UploadSuccessEvent", { attachmentId: "x" }), false);
    assert.equal(file.platform.uploads.length, 1);
  });

  test("asked for too fast is asked for again after the pause that Genesys wants", async () => {
    const file = begin();
    await file.hear(
      "TooManyRequestsErrorMessage",
      { retryAfter: 3, errorCode: 4029, errorMessage: "Too many" },
      { tracingId: "tracing-1", code: 429 },
    );
    await file.platform.pass(2_900);
    assert.equal(file.sent.length, 1);
    await file.platform.pass(200);
    assert.equal(file.sent.length, 2);
    assert.equal(file.sent[1]?.attachmentId, file.attachment());
  });
});

describe("a file that the deployment would refuse is not asked for, and the guest reads what would be taken", () => {
  const cases: [name: string, given: Given, code: string, sentence: RegExp][] = [
    ["an empty one", { bytes: 0 }, "CHAT_FILE_EMPTY", /empty/],
    ["a large one", { rules: { ...RULES, bytes: 399 } }, "CHAT_FILE_TOO_LARGE", /limit is 0.3 KB/],
    ["a text where pictures and PDF are taken", { name: "a.txt", type: "text/plain" }, "CHAT_FILE_TYPE", /images, PDF/],
    ["one of no known type", { name: "a.xyz", type: "" }, "CHAT_FILE_TYPE", /Possible are/],
    ["a program, whatever it says it is", { name: "photo.png.EXE" }, "CHAT_FILE_TYPE", /end in \.exe are not allowed/],
    ["one without an ending", { name: "photo" }, "CHAT_FILE_NAME", /needs an ending/],
    ["one that is all ending", { name: ".png" }, "CHAT_FILE_NAME", /needs an ending/],
    ["one with a name of 1,024 characters", { name: `${"a".repeat(1020)}.png` }, "CHAT_FILE_NAME", /1023 characters/],
    ["any, where files are off", { rules: null }, "CHAT_UNSUPPORTED", /^$/],
  ];
  for (const [name, given, code, sentence] of cases) {
    test(name, async () => {
      const file = begin(given);
      const error = (await file.outcome) as { code: string; guest?: string };
      assert.equal(error.code, code);
      assert.match(error.guest ?? "", sentence);
      assert.deepEqual(file.sent, []);
      assert.deepEqual(file.platform.uploads, []);
    });
  }

  test("an opus recording is audio, where audio is taken", async () => {
    const file = begin({ name: "a.opus", type: "", rules: { ...RULES, types: ["audio/ogg"] } });
    assert.equal(file.sent[0]?.fileType, "audio/ogg");
  });
});

describe("a file that Genesys refuses fails with the reason", () => {
  const codes: [number, string][] = [
    [4000, "CHAT_UNSUPPORTED"],
    [4001, "CHAT_FILE_TYPE"],
    [4002, "CHAT_FILE_TOO_LARGE"],
    [4003, "CHAT_FILE_REFUSED"],
    [4004, "CHAT_FILE_NAME"],
    [4005, "CHAT_FILE_NAME"],
    [4008, "CHAT_UPLOAD_FAILED"],
    [4009, "CHAT_UPLOAD_FAILED"],
    [4010, "CHAT_UPLOAD_FAILED"],
    [4102, "CHAT_FILE_EMPTY"],
    [400, "CHAT_FILE_REFUSED"],
    [500, "CHAT_UPLOAD_FAILED"],
    [5000, "CHAT_UPLOAD_FAILED"],
  ];
  for (const [code, expected] of codes) {
    test(`${code}, in each form in which Genesys may say so`, async () => {
      const body = { errorCode: code, errorMessage: "no" };
      for (const [name, said, more] of [
        ["GenerateUrlError", body, { code: 400, type: "response", tracingId: "tracing-1" }],
        ["GenerateUrlError", { ...body, attachmentId: true }, {}],
        ["string", "no", { code, type: "response", tracingId: "tracing-1" }],
      ] as [string, unknown, object][]) {
        const file = begin();
        const own = typeof said === "object" && said && "attachmentId" in said;
        const taken = await file.hear(
          name,
          own ? { ...(said as object), attachmentId: file.attachment() } : said,
          more,
        );
        assert.ok(taken, name);
        assert.equal(await codeOf(file.outcome), expected, name);
      }
      const file = begin();
      await file.place();
      await file.platform.uploads[0]?.answer(200);
      await file.hear("UploadFailureEvent", { ...body, attachmentId: file.attachment() });
      assert.equal(await codeOf(file.outcome), expected);
    });
  }

  test("a refusal while it is still on its way stops it", async () => {
    const file = begin();
    await file.place();
    await file.hear("UploadFailureEvent", { errorCode: 4001, attachmentId: file.attachment() });
    assert.equal(await codeOf(file.outcome), "CHAT_FILE_TYPE");
    assert.equal(file.platform.uploads[0]?.aborted, true);
  });
});

test("a connection that closes stops a file at any moment, and a link that is asked for", async () => {
  for (const steps of [0, 1, 2]) {
    const file = begin();
    if (steps > 0) await file.place();
    if (steps > 1) await file.platform.uploads[0]?.answer(200);
    const link = file.attachments.link("sent", new AbortController().signal).catch(toErrorData);
    file.life.abort();
    assert.equal(await codeOf(file.outcome), "CHAT_UPLOAD_FAILED");
    assert.equal(await codeOf(link as Promise<unknown>), "CHAT_UPLOAD_FAILED");
    if (steps === 1) assert.equal(file.platform.uploads[0]?.aborted, true);
  }
});

describe("the storage", () => {
  for (const status of [403, 404, 500, 301]) {
    test(`that answers ${status} is worth another attempt: the link may have expired`, async () => {
      const file = begin();
      await file.place();
      await file.platform.uploads[0]?.answer(status);
      const error = (await file.outcome) as { code: string; detail?: string };
      assert.equal(error.code, "CHAT_UPLOAD_FAILED");
      assert.match(error.detail ?? "", /https:\/\/uploads\.test: /);
      assert.doesNotMatch(error.detail ?? "", /sig=/);
    });
  }

  test("that cuts the line is worth another attempt", async () => {
    const file = begin();
    await file.place();
    await file.platform.uploads[0]?.cut();
    assert.equal(await codeOf(file.outcome), "CHAT_UPLOAD_FAILED");
  });

  test("that is no web address is given nothing", async () => {
    const file = begin();
    await file.hear("PresignedUrlResponse", { headers: {}, url: "javascript:alert(1)" }, { tracingId: "tracing-1" });
    assert.equal(await codeOf(file.outcome), "CHAT_UPLOAD_FAILED");
    assert.deepEqual(file.platform.uploads, []);
  });
});

describe("a file that the guest takes away", () => {
  const take = (file: ReturnType<typeof begin>) => file.cancel.abort(toFileFailure("CHAT_UPLOAD_CANCELLED"));

  test("before it has a place is never put", async () => {
    const file = begin();
    take(file);
    assert.equal(await codeOf(file.outcome), "CHAT_UPLOAD_CANCELLED");
    assert.equal(await file.place(), false);
    assert.deepEqual(file.platform.uploads, []);
  });

  test("on its way is stopped, and does not come back", async () => {
    const file = begin();
    await file.place();
    await file.platform.pass(1_000);
    take(file);
    const shown = file.shown().length;
    await file.platform.uploads[0]?.progress(0.5);
    assert.equal(file.platform.uploads[0]?.aborted, true);
    assert.equal(file.shown().length, shown);
    assert.equal(await codeOf(file.outcome), "CHAT_UPLOAD_CANCELLED");
  });

  test("when all of it is up is deleted at Genesys", async () => {
    const file = begin();
    await file.place();
    await file.platform.uploads[0]?.answer(200);
    take(file);
    assert.equal(await codeOf(file.outcome), "CHAT_UPLOAD_CANCELLED");
    assert.deepEqual(file.sent.at(-1), { action: "deleteAttachment", attachmentId: file.attachment() });
  });

  test("that was given up for another reason is left to Genesys, which may have it", async () => {
    const file = begin();
    await file.place();
    await file.platform.uploads[0]?.answer(200);
    file.cancel.abort(toFileFailure("CHAT_UPLOAD_FAILED"));
    assert.equal(await codeOf(file.outcome), "CHAT_UPLOAD_FAILED");
    assert.equal(file.sent.length, 1);
  });
});

describe("a link that has expired", () => {
  const ask = (file: ReturnType<typeof begin>) =>
    file.attachments.link("sent", new AbortController().signal).catch(toErrorData);

  test("is asked for again, once for all who want it, and told to all", async () => {
    const file = begin();
    const both = [ask(file), ask(file)];
    assert.deepEqual(file.sent.slice(1), [{ action: "getAttachment", attachmentId: "sent" }]);
    await file.hear(
      "PresignedUrlResponse",
      { attachmentId: "sent", headers: {}, url: URL_DOWN, fileSize: 4 },
      { tracingId: "tracing-2" },
    );
    assert.deepEqual(await Promise.all(both), [URL_DOWN, URL_DOWN]);
    assert.deepEqual(file.links(), [{ type: "link", attachment: "sent", url: URL_DOWN }]);
    void ask(file);
    assert.equal(file.sent.length, 3);
  });

  test("of a file that Genesys no longer has says so", async () => {
    const file = begin();
    const link = ask(file);
    await file.hear("string", "Attachment not found", { code: 4009, tracingId: "tracing-2" });
    assert.equal(await codeOf(link as Promise<unknown>), "CHAT_FILE_GONE");
  });

  test("is no link where it is a place to put the file: it never arrived", async () => {
    const file = begin();
    const link = ask(file);
    await file.hear("PresignedUrlResponse", { attachmentId: "sent", headers: HEADERS, url: URL_UP }, {});
    assert.equal(await codeOf(link as Promise<unknown>), "CHAT_FILE_GONE");
    assert.deepEqual(file.links(), []);
  });
});
