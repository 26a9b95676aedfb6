/** Files over one connection: asked for, put where the platform says, confirmed by it; taken away; linked to again. */
import { Failure } from "../../chat/failure.ts";
import { toFileFailure } from "../../chat/files/file-failure.ts";
import { extensionOf } from "../../chat/files/file-name.ts";
import type { Upload, UploadRules } from "../../chat/rich.ts";
import type { Connection } from "../../session/protocol.ts";
import { uploadOf } from "../../session/seldom/browser-upload.ts";
import type { Answer, PresignedUrl } from "../../wire/web-messaging/answers.ts";
import { findFileFault } from "./file-check.ts";
import { describe, Refused, toFailure } from "./file-refusals.ts";
import { isTooMany, toWait } from "./refusals.ts";

export interface Attachments {
  /**
   * Resolves with Genesys' id when Genesys has confirmed the file; how far it is, `upload` events tell. Rejects with
   * CHAT_UPLOAD_FAILED where another attempt may help, or as `signal` says.
   */
  attach(upload: Upload, file: File, signal: AbortSignal): Promise<string>;
  detach(attachment: string): void;
  link(attachment: string, signal: AbortSignal): Promise<string>;
  /** Whether somebody here waits for it. */
  receive(answer: Answer): boolean;
}

export interface AttachmentsRequest {
  connection: Pick<Connection, "platform" | "emit" | "now" | "signal">;
  /** Sends a frame with those fields; gives the tracingId that it goes by. */
  request(action: "onAttachment" | "getAttachment" | "deleteAttachment", fields: Record<string, unknown>): string;
  /** What the platform takes; undefined where it takes no files. */
  rules(): UploadRules | undefined;
}

type FileAnswer = Extract<
  Answer,
  { class: "PresignedUrlResponse" | "UploadSuccessEvent" | "AttachmentDeletedResponse" | "Refusal" }
>;

/** Not more often do the tabs hear how far a file is. */
const PROGRESS_MS = 250;
/** All is up only when the address has said so. */
const ALMOST = 0.99;

export function createAttachments({ connection, request, rules }: AttachmentsRequest): Attachments {
  const { platform, emit, now, signal: life } = connection;
  const upload = uploadOf(platform);
  const waiting = new Set<(answer: Answer) => boolean>();
  const links = new Map<string, Promise<string>>();

  /** Ends with what it is given, with the connection, and by itself. */
  function until(signal: AbortSignal): AbortController {
    const over = new AbortController();
    const follow = () => over.abort(signal.reason);
    if (signal.aborted) follow();
    signal.addEventListener("abort", follow, { signal: over.signal });
    const close = () => over.abort(toFileFailure("CHAT_UPLOAD_FAILED", "the connection closed"));
    if (life.aborted) close();
    life.addEventListener("abort", close, { signal: over.signal });
    return over;
  }

  /** The next that is wanted; rejects as `signal` says. */
  function next(wanted: (answer: FileAnswer) => boolean, signal: AbortSignal): Promise<FileAnswer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const take = (answer: Answer): boolean => {
        if (!isFileAnswer(answer) || !wanted(answer)) return false;
        waiting.delete(take);
        resolve(answer);
        return true;
      };
      waiting.add(take);
      signal.addEventListener("abort", () => {
        waiting.delete(take);
        reject(signal.reason);
      });
    });
  }

  /** Asked again after the pause that the platform wants. */
  async function ask(
    action: "onAttachment" | "getAttachment",
    fields: { attachmentId: string; [field: string]: unknown },
    signal: AbortSignal,
  ) {
    for (;;) {
      const tracingId = request(action, fields);
      const answer = await next(
        ({ class: name, tracingId: of, body }) =>
          name !== "UploadSuccessEvent" &&
          (of === undefined ? body.attachmentId === fields.attachmentId : of === tracingId),
        signal,
      );
      if (answer.class === "PresignedUrlResponse") return answer.body;
      if (answer.class !== "Refusal") continue;
      if (answer.body.retryAfter === undefined && !isTooMany(answer.body)) throw new Refused(answer.body);
      const ms = toWait(answer.body);
      await new Promise<void>((go) => platform.clock.after(ms, go));
      signal.throwIfAborted();
    }
  }

  async function attach(asked: Upload, file: File, wanted: AbortSignal): Promise<string> {
    const taken = rules();
    if (!taken) throw new Failure("CHAT_UNSUPPORTED", "the deployment takes no files");
    let shown: Upload = { ...asked, mime: toMime(asked) };
    let told = 0;
    const tell = (progress: number) => {
      // What was taken away must not come back.
      if (wanted.aborted || (progress === shown.progress && progress > 0)) return;
      told = now();
      shown = { ...shown, progress };
      emit({ type: "upload", upload: shown });
    };
    const fault = findFileFault(shown, taken);
    if (fault) throw fault;

    const own = platform.randomId();
    let attachment = own;
    shown = { ...shown, attachment };
    tell(0);
    const over = until(wanted);
    const { signal } = over;
    try {
      const place = await ask(
        "onAttachment",
        {
          attachmentId: own,
          fileName: shown.name,
          fileType: shown.mime,
          fileSize: shown.bytes,
          errorsAsJson: true,
        },
        signal,
      );
      attachment = place.attachmentId ?? own;
      shown = { ...shown, attachment };
      const isAbout = ({ class: name, body }: FileAnswer) =>
        body.attachmentId === attachment && name !== "PresignedUrlResponse";
      // It may come before the address has answered.
      const confirmed = next(isAbout, signal).then((answer) => {
        if (answer.class === "Refusal") throw new Refused(answer.body);
      });
      confirmed.catch(() => {});
      const progressed = (share: number) => {
        if (Math.abs(now() - told) >= PROGRESS_MS) tell(Math.min(share, ALMOST));
      };
      await Promise.race([put(place, shown, file, progressed, signal), confirmed]);
      tell(1);
      await confirmed;
      return attachment;
    } catch (error) {
      // Up, and not wanted any more.
      if (shown.progress === 1 && isCancelled(error)) detach(attachment);
      throw error instanceof Refused ? toFailure(error.refusal, taken) : error;
    } finally {
      over.abort();
    }
  }

  async function put(
    { url, headers }: PresignedUrl,
    { mime, bytes }: Upload,
    file: File,
    onProgress: (share: number) => void,
    signal: AbortSignal,
  ) {
    const { protocol, origin } = URL.canParse(url) ? new URL(url) : { protocol: "", origin: "no URL" };
    const fail = (why: unknown) => toFileFailure("CHAT_UPLOAD_FAILED", `PUT ${origin}: ${why}`);
    if (!/^https?:$/.test(protocol)) throw fail("refused");
    let status: number;
    try {
      status = await upload({ url, headers, file: file.slice(0, bytes, mime) }, onProgress, signal);
    } catch {
      signal.throwIfAborted();
      throw fail("cut");
    }
    if (status < 200 || status > 299) throw fail(status);
  }

  function detach(attachmentId: string) {
    request("deleteAttachment", { attachmentId });
  }

  async function findLink(attachmentId: string, wanted: AbortSignal): Promise<string> {
    const over = until(wanted);
    try {
      const { url, headers } = await ask("getAttachment", { attachmentId }, over.signal);
      // An address to put it to: it never arrived.
      if (Object.keys(headers).length > 0) throw toFileFailure("CHAT_FILE_GONE");
      emit({ type: "link", attachment: attachmentId, url });
      return url;
    } catch (error) {
      throw error instanceof Refused ? toFileFailure("CHAT_FILE_GONE", describe(error.refusal)) : error;
    } finally {
      over.abort();
    }
  }

  return {
    attach,
    detach,
    /** Two who ask at once get one answer. */
    link(attachment, signal) {
      const link = links.get(attachment) ?? findLink(attachment, signal).finally(() => links.delete(attachment));
      links.set(attachment, link);
      return link;
    },
    receive: (answer) => [...waiting].some((take) => take(answer)),
  };
}

const isFileAnswer = (answer: Answer): answer is FileAnswer =>
  answer.class === "PresignedUrlResponse" || answer.class === "UploadSuccessEvent" || answer.class === "Refusal";

const isCancelled = (error: unknown): boolean => error instanceof Failure && error.code === "CHAT_UPLOAD_CANCELLED";

/** By its ending where the browser does not know the type. */
function toMime({ name, mime }: Upload): string {
  if (extensionOf(name) === ".opus") return "audio/ogg";
  return mime.toLowerCase() || "application/octet-stream";
}
