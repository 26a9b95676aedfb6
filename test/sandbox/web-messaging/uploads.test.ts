/** Files up and down: what the platform refuses and when, presigned PUTs, links that run out, and that memory is bounded. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSandbox } from "../../../src/sandbox/sandbox.ts";
import { createFiles } from "../../../src/sandbox/web-messaging/files.ts";
import type { Asker, Outcome, PresignedUrl, UploadEvent } from "../../../src/sandbox/web-messaging/uploads.ts";
import { readFixture } from "../../support/fixtures.ts";
import { createHandClock } from "../support.ts";
import { BASE, type Bench, createRestBench, PAGE, type PlatformError, UPLOAD_MS } from "./support.ts";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const PDF = new TextEncoder().encode("%PDF-1.7 and so on");

const claim = (more: Partial<PresignedUrl> = {}) => ({
  fileName: "photo.png",
  fileType: "image/png",
  fileSize: PNG.length,
  ...more,
});

function begin(...given: Parameters<typeof createRestBench>) {
  const bench = createRestBench(...given);
  const asker: Asker = { owner: "guest-1", deployment: bench.deployment, origin: BASE };
  const events: UploadEvent[] = [];
  bench.uploads.listen((owner, event) => {
    assert.equal(owner, asker.owner);
    events.push(event);
  });
  const put = (url: string, body: BodyInit, headers: Record<string, string>) =>
    bench.routes.request(url, { method: "PUT", body, headers: { origin: PAGE, ...headers } });
  return { ...bench, asker, events, put };
}

const bodyOf = <T>(outcome: Outcome<T>): T => {
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.body;
};
const codeOf = (outcome: Outcome<unknown>): number => (outcome.ok ? 0 : outcome.fault.errorCode);

/** A photo that is up. */
async function upload(stage: ReturnType<typeof begin>, given = claim(), bytes: BodyInit = PNG): Promise<PresignedUrl> {
  const presigned = bodyOf(stage.uploads.presign(stage.asker, given));
  assert.equal((await stage.put(presigned.url, bytes, presigned.headers)).status, 200);
  stage.clock.move(UPLOAD_MS);
  return presigned;
}

describe("a place to put a file", () => {
  for (const name of ["onAttachment", "onAttachment.allFields", "onAttachment.web"]) {
    test(`is given as ${name} asks for it, in the shape of the platform's answer`, () => {
      const { uploads, asker } = begin();
      const { attachmentId, fileName, fileType, fileSize } = readFixture(`client/${name}`);
      const body = bodyOf(uploads.presign(asker, { attachmentId, fileName, fileType, fileSize }));
      const expected = readFixture("server/presignedUrlResponse.upload").body;
      assert.deepEqual(Object.keys(body).sort(), Object.keys(expected).sort());
      assert.deepEqual([body.fileName, body.fileType, body.fileSize], [fileName, fileType, fileSize]);
      if (attachmentId) assert.equal(body.attachmentId, attachmentId);
      assert.ok(Object.keys(body.headers).length > 0);
    });
  }

  const refusals: [what: string, given: ReturnType<typeof claim>, code: number][] = [
    ["a file of a type that is not allowed", claim({ fileName: "a.zip", fileType: "application/zip" }), 4001],
    ["a program, whatever its type", claim({ fileName: "photo.EXE" }), 4001],
    ["a file that is too large", claim({ fileSize: 10_240 * 1024 + 1 }), 4002],
    ["a name without an ending", claim({ fileName: "photo" }), 4004],
    ["a name that is only an ending", claim({ fileName: ".png" }), 4004],
    ["a name that is a path", claim({ fileName: "../photo.png" }), 4004],
    ["a name with half a character", claim({ fileName: "\ud800.png" }), 4004],
    ["a name of two lines", claim({ fileName: "a\n.png" }), 4004],
    ["a type of two lines", claim({ fileType: "image/png\r\nx: y" }), 4001],
    ["a name that is too long", claim({ fileName: `${"x".repeat(1020)}.png` }), 4005],
    ["an empty file", claim({ fileSize: 0 }), 4102],
    ["less than nothing", claim({ fileSize: -1 }), 4102],
  ];
  for (const [what, given, code] of refusals) {
    test(`is refused to ${what}, with ${code}`, () => {
      const { uploads, asker } = begin();
      assert.equal(codeOf(uploads.presign(asker, given)), code);
    });
  }

  test("is refused to all files where attachments are off, with 4000", () => {
    const { uploads, asker } = begin({ fileUpload: { enableAttachments: false } });
    assert.equal(codeOf(uploads.presign(asker, claim())), 4000);
  });

  test("is given to a file just below each limit", () => {
    const { uploads, asker } = begin();
    bodyOf(uploads.presign(asker, claim({ fileSize: 10_240 * 1024 })));
    bodyOf(uploads.presign(asker, claim({ fileName: `${"x".repeat(1019)}.png` })));
  });

  test("of an old deployment is given by the modes of its configuration", () => {
    const fileUpload = { enableAttachments: null, modes: [{ fileTypes: ["text/csv"], maxFileSizeKB: 1 }] };
    const { uploads, asker } = begin({ fileUpload });
    const csv = claim({ fileName: "a.csv", fileType: "text/csv", fileSize: 1024 });
    bodyOf(uploads.presign(asker, csv));
    assert.equal(codeOf(uploads.presign(asker, { ...csv, fileSize: 1025 })), 4002);
    assert.equal(codeOf(uploads.presign(asker, claim())), 4001);
  });
});

describe("a presigned PUT", () => {
  test("is answered at once, and only later the platform says that the file is there", async () => {
    const { uploads, asker, put, events, clock } = begin();
    const { url, headers, attachmentId } = bodyOf(uploads.presign(asker, claim()));
    const response = await put(url, PNG, { ...headers, "content-type": "image/png" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.equal(events.length, 0);
    assert.equal(codeOf(uploads.send(asker, attachmentId)), 4010);
    clock.move(UPLOAD_MS);
    assert.deepEqual(
      Object.keys(events[0] ?? {}).sort(),
      Object.keys(readFixture("server/uploadSuccessEvent").body).sort(),
    );
    assert.equal(events[0]?.attachmentId, attachmentId);
    assert.equal(events.length, 1);
  });

  test("passes a page's preflight with the headers it is signed with", async () => {
    const { uploads, asker, call } = begin();
    const { url } = bodyOf(uploads.presign(asker, claim()));
    const asked = { origin: PAGE, "access-control-request-headers": "content-type,x-amz-tagging" };
    const response = await call("OPTIONS", url, undefined, asked);
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-methods"), "PUT");
    assert.equal(response.headers.get("access-control-allow-headers"), "content-type,x-amz-tagging");
  });

  const wrong: [what: string, change: (headers: Record<string, string>) => Record<string, string>][] = [
    ["without the headers it is signed with", () => ({})],
    ["with another value of one", (headers) => Object.fromEntries(Object.keys(headers).map((name) => [name, "else"]))],
    ["with a header that was not signed", (headers) => ({ ...headers, "x-amz-acl": "public-read" })],
    ["with a token", (headers) => ({ ...headers, authorization: "Bearer x" })],
  ];
  for (const [what, change] of wrong) {
    test(`${what} is refused, as an object store would`, async () => {
      const { uploads, asker, put, events, clock } = begin();
      const { url, headers } = bodyOf(uploads.presign(asker, claim()));
      const response = await put(url, PNG, change(headers));
      assert.equal(response.status, 403);
      assert.match(await response.text(), /<Code>SignatureDoesNotMatch<\/Code>/);
      clock.move(UPLOAD_MS);
      assert.deepEqual(events, []);
    });
  }

  test("after its time, or to an address that never was one, is refused", async () => {
    const { uploads, asker, put, clock } = begin();
    const { url, headers } = bodyOf(uploads.presign(asker, claim()));
    clock.move(600_000);
    assert.equal((await put(url, PNG, headers)).status, 403);
    assert.equal((await put(`${BASE}/uploads/else/photo.png`, PNG, headers)).status, 403);
  });

  test("as a POST is refused", async () => {
    const { uploads, asker, call } = begin();
    const { url } = bodyOf(uploads.presign(asker, claim()));
    assert.equal((await call("POST", url, {})).status, 405);
  });

  const bad: [what: string, given: ReturnType<typeof claim>, bytes: Uint8Array<ArrayBuffer>, code: number][] = [
    ["of nothing", claim(), new Uint8Array(), 4102],
    ["of more than is allowed", claim(), new Uint8Array(10_240 * 1024 + 1), 4002],
    ["of a PDF that is called a picture", claim(), PDF, 4003],
    ["of a program that is called a picture", claim(), new TextEncoder().encode("MZ..."), 4003],
  ];
  for (const [what, given, bytes, code] of bad) {
    test(`${what} is taken, and fails afterwards with ${code}`, async () => {
      const stage = begin();
      const { attachmentId } = await upload(stage, given, bytes);
      const [event] = stage.events;
      assert.ok(event && "errorCode" in event);
      assert.deepEqual(Object.keys(event).sort(), Object.keys(readFixture("server/uploadFailureEvent").body).sort());
      assert.equal(event.errorCode, code);
      assert.equal(codeOf(stage.uploads.send(stage.asker, attachmentId)), 4009);
    });
  }

  test("of a text that begins like a program is a text", async () => {
    const stage = begin();
    await upload(stage, claim({ fileName: "a.txt", fileType: "text/plain" }), "MZ is a postcode area");
    assert.ok(stage.events[0] && "downloadUrl" in stage.events[0]);
  });
});

describe("a file that is up", () => {
  const download = async (stage: Bench, url: string) => {
    const response = await stage.call("GET", url, undefined, { origin: PAGE });
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };

  test("goes into a message with all that a message tells of it, and can be fetched by a page that may not run it", async () => {
    const stage = begin();
    const { attachmentId } = await upload(stage, claim({ fileName: "Grüße (1).png" }));
    const content = bodyOf(stage.uploads.send(stage.asker, attachmentId));
    const { attachment } = readFixture("server/structuredMessage.text.outboundAttachment").body.content[0];
    assert.deepEqual(Object.keys({ ...content, text: "" }).sort(), Object.keys(attachment).sort());
    assert.deepEqual([content.id, content.mediaType, content.fileSize], [attachmentId, "Image", PNG.length]);
    const { response, bytes } = await download(stage, content.url);
    assert.deepEqual(bytes, PNG);
    assert.equal(response.headers.get("content-type"), "image/png");
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'; sandbox/);
    assert.equal(response.headers.get("content-disposition"), "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20(1).png");
  });

  test("has a link that runs out, and a fresh one is had for the asking", async () => {
    const stage = begin();
    const { attachmentId } = await upload(stage);
    const [event] = stage.events;
    assert.ok(event && "downloadUrl" in event);
    stage.clock.move(599_000);
    assert.equal((await download(stage, event.downloadUrl)).response.status, 200);
    stage.clock.move(1000);
    const { response } = await download(stage, event.downloadUrl);
    assert.equal(response.status, 404);
    const fresh = bodyOf(stage.uploads.refresh(stage.asker, attachmentId));
    const expected = readFixture("server/presignedUrlResponse.download").body;
    assert.deepEqual(Object.keys(fresh).sort(), Object.keys(expected).sort());
    assert.deepEqual(fresh.headers, {});
    assert.equal((await download(stage, fresh.url)).response.status, 200);
  });

  test("can be deleted as long as it is in no message, and its links are dead", async () => {
    const stage = begin();
    const first = await upload(stage);
    const [event] = stage.events;
    assert.ok(event && "downloadUrl" in event);
    assert.deepEqual(bodyOf(stage.uploads.remove(stage.asker, first.attachmentId)), {
      attachmentId: first.attachmentId,
    });
    assert.equal((await download(stage, event.downloadUrl)).response.status, 404);
    assert.equal(codeOf(stage.uploads.remove(stage.asker, first.attachmentId)), 4009);
    const second = await upload(stage);
    bodyOf(stage.uploads.send(stage.asker, second.attachmentId));
    assert.equal(codeOf(stage.uploads.remove(stage.asker, second.attachmentId)), 4009);
  });

  test("is nobody else's: another guest is told that there is none", async () => {
    const stage = begin();
    const { attachmentId } = await upload(stage);
    const other = { ...stage.asker, owner: "guest-2" };
    for (const act of ["send", "refresh", "remove"] as const) {
      assert.equal(codeOf(stage.uploads[act](other, attachmentId)), 4009, act);
    }
  });

  test("cannot be replaced by naming its id again", async () => {
    const stage = begin();
    const { attachmentId } = await upload(stage);
    const again = bodyOf(stage.uploads.presign(stage.asker, claim({ attachmentId })));
    assert.notEqual(again.attachmentId, attachmentId);
  });

  test("cannot be changed once it is in a message", async () => {
    const stage = begin();
    const { url, headers, attachmentId } = await upload(stage);
    const content = bodyOf(stage.uploads.send(stage.asker, attachmentId));
    await stage.put(url, new Uint8Array([...PNG, 9, 9]), headers);
    stage.clock.move(UPLOAD_MS);
    assert.deepEqual((await download(stage, content.url)).bytes, PNG);
    assert.equal(stage.events.length, 1);
  });

  test("and in no message is dropped after 15 days, and said to have expired; one in a message stays", async () => {
    const stage = begin();
    const lost = await upload(stage);
    const kept = await upload(stage);
    bodyOf(stage.uploads.send(stage.asker, kept.attachmentId));
    stage.clock.move(15 * 86_400_000);
    assert.equal(codeOf(stage.uploads.refresh(stage.asker, lost.attachmentId)), 4008);
    bodyOf(stage.uploads.refresh(stage.asker, kept.attachmentId));
  });

  test("may come from the agent's side too", async () => {
    const stage = begin();
    const file = { fileName: "form.pdf", fileType: "application/pdf", bytes: PDF };
    const content = await stage.uploads.offer(stage.asker, file);
    assert.equal(content.mediaType, "File");
    assert.deepEqual((await download(stage, content.url)).bytes, PDF);
  });

  test("and is asked for by a link that never was one is not found, in the platform's body", async () => {
    const { response, bytes } = await download(begin(), "/api/v2/downloads/0123456789abcdef");
    assert.equal(response.status, 404);
    assert.equal((JSON.parse(new TextDecoder().decode(bytes)) as PlatformError).status, 404);
  });
});

test("the log of the sandbox tells that a file went up and down, and not where it can be had", async () => {
  const sandbox = createSandbox({ bot: false });
  const ask = async (path: string, method = "GET") => sandbox.fetch(new Request(BASE + path, { method }));
  await ask("/uploads/0123456789abcdef/photo.png", "PUT");
  await ask("/api/v2/downloads/0123456789abcdef");
  await ask("/api/v2/webmessaging/deployments/d/pushdevices/0123456789abcdef", "DELETE");
  const log = await (await ask("/sandbox/log")).text();
  for (const path of ["/uploads/***/photo.png", "/api/v2/downloads/***", "/deployments/d/pushdevices/***"]) {
    assert.ok(log.includes(path), path);
  }
  assert.doesNotMatch(log, /0123456789abcdef/);
});

describe("all files together", () => {
  const add = (files: ReturnType<typeof createFiles>, id: string, megabytes: number, phase: "uploaded" | "sent") => {
    const claimed = { fileName: "a.png", fileType: "image/png", fileSize: 1 };
    const file = { ...claimed, id, owner: "g", phase, since: 0, unsentMs: Number.MAX_VALUE, linkMs: 1000 };
    files.add(file);
    files.fill(file, new Uint8Array(megabytes * 1_048_576));
  };

  test("take at most 64 MiB: the oldest that is in no message goes first, then the oldest", () => {
    const files = createFiles(createHandClock(0), () => crypto.randomUUID());
    add(files, "sent", 20, "sent");
    add(files, "first", 20, "uploaded");
    add(files, "second", 20, "uploaded");
    add(files, "third", 20, "sent");
    const there = () => ["sent", "first", "second", "third", "fourth"].filter((id) => files.find("g", id));
    assert.deepEqual(there(), ["sent", "second", "third"]);
    assert.ok(files.isGone("g", "first"));
    add(files, "fourth", 60, "sent");
    assert.deepEqual(there(), ["fourth"]);
    assert.equal(files.bytes(), 60 * 1_048_576);
  });

  test("are at most a thousand, whatever their size", () => {
    const files = createFiles(createHandClock(0), () => crypto.randomUUID());
    for (let at = 0; at < 1001; at++) add(files, String(at), 0, "uploaded");
    assert.equal(files.find("g", "0"), undefined);
    assert.ok(files.find("g", "1"));
  });
});
