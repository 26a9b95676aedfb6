/** Attachments (sections 2.7, 3.9 and 4.13 of the protocol): a place to put a file, what becomes of it, links to fetch it, and its end. */
import type { SandboxClock } from "../options.ts";
import { type Deployment, toUploadRules } from "./deployment.ts";
import { type FileClaim, type FileFault, findClaimFault, findContentFault } from "./file-rules.ts";
import { createFiles, type StoredFile } from "./files.ts";

/** Body of PresignedUrlResponse: with headers it is where to put a file, without them where to fetch one. */
export interface PresignedUrl extends FileClaim {
  attachmentId: string;
  headers: Record<string, string>;
  url: string;
}

/** Body of UploadSuccessEvent and UploadFailureEvent. */
export type UploadEvent = { attachmentId: string; timestamp: string } & ({ downloadUrl: string } | FileFault);

/** As messages carry it: `content[].attachment`. */
export interface AttachmentContent {
  id: string;
  filename: string;
  mediaType: "Image" | "Video" | "Audio" | "File";
  fileSize: number;
  mime: string;
  sha256: string;
  url: string;
}

/** Whose file it is, and where that guest reaches the sandbox: an origin such as http://127.0.0.1:8090. */
export interface Asker {
  owner: string;
  deployment: Deployment;
  origin: string;
}

export type Outcome<T> = { ok: true; body: T } | { ok: false; fault: FileFault };

export interface Uploads {
  /** What `onAttachment` asks. An id that the guest has given is kept, unless it is taken or none. */
  presign(asker: Asker, claim: FileClaim & { attachmentId?: string }): Outcome<PresignedUrl>;
  /** What `getAttachment` asks: a fresh link. */
  refresh(asker: Asker, attachmentId: string): Outcome<PresignedUrl>;
  /** What `deleteAttachment` asks: only of a file that is up and in no message. */
  remove(asker: Asker, attachmentId: string): Outcome<{ attachmentId: string }>;
  /** Puts a file into a message: the content to echo. */
  send(asker: Asker, attachmentId: string): Outcome<AttachmentContent>;
  /** A file from the other side, in a message already. */
  offer(
    asker: Asker,
    file: { fileName: string; fileType: string; bytes: Uint8Array<ArrayBuffer> },
  ): Promise<AttachmentContent>;
  /** Called when the platform has looked at a file: later than its PUT was answered. Returns the un-listen. */
  listen(listener: (owner: string, event: UploadEvent) => void): () => void;
  /** For the routes: what a presigned URL stands for. Undefined when it never was one or has run out. */
  target(key: string): UploadTarget | undefined;
  /** For the routes: what a link stands for. */
  follow(link: string): StoredFile | undefined;
}

export interface UploadTarget {
  headers: Readonly<Record<string, string>>;
  /** More than these need not be kept: the file is too large. */
  mostBytes: number;
  /** The file has come, `size` bytes of it, of which at least `mostBytes` are here. */
  take(bytes: Uint8Array<ArrayBuffer>, size: number): Promise<void>;
}

const ID = /^[\w-]{1,64}$/;

/** Presigned URLs that are good at one time. */
const TARGETS = 1000;

const fail = (errorCode: number, errorMessage: string) => ({ ok: false, fault: { errorCode, errorMessage } }) as const;

const toMediaType = (mime: string): AttachmentContent["mediaType"] => {
  const kind = mime.split("/")[0];
  return kind === "image" ? "Image" : kind === "video" ? "Video" : kind === "audio" ? "Audio" : "File";
};

async function toSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `delayMs`: how long the platform looks at a file. */
export function createUploads(clock: SandboxClock, randomId: () => string, delayMs = 50): Uploads {
  const files = createFiles(clock, randomId);
  const targets = new Map<string, UploadTarget & { until: number }>();
  const listeners = new Set<(owner: string, event: UploadEvent) => void>();

  const toUrl = (origin: string, file: StoredFile): string => `${origin}/api/v2/downloads/${files.link(file)}`;
  const toClaim = ({ fileName, fileType, fileSize }: FileClaim): FileClaim => ({ fileName, fileType, fileSize });
  const toContent = (file: StoredFile, origin: string): AttachmentContent => ({
    id: file.id,
    filename: file.fileName,
    mediaType: toMediaType(file.fileType),
    fileSize: file.fileSize,
    mime: file.fileType,
    sha256: file.sha256 ?? "",
    url: toUrl(origin, file),
  });
  const tell = (file: StoredFile, outcome: { downloadUrl: string } | FileFault) => {
    const event = { attachmentId: file.id, ...outcome, timestamp: new Date(clock.now()).toISOString() };
    for (const listener of [...listeners]) listener(file.owner, event);
  };
  const find = ({ owner }: Asker, id: string): { file: StoredFile } | ReturnType<typeof fail> => {
    const file = files.find(owner, id);
    if (file && file.phase !== "presigned") return { file };
    if (file) return fail(4010, "The attachment was not uploaded");
    return files.isGone(owner, id)
      ? fail(4008, "The attachment has expired")
      : fail(4009, "The attachment was not found");
  };
  const create = ({ owner, deployment }: Asker, claim: FileClaim, id: string): StoredFile => ({
    ...toClaim(claim),
    id,
    owner,
    phase: "presigned",
    since: clock.now(),
    unsentMs: deployment.limits.unsentSeconds * 1000,
    linkMs: deployment.limits.downloadSeconds * 1000,
  });

  const createTarget = ({ deployment, origin }: Asker, file: StoredFile, headers: Record<string, string>): string => {
    const now = clock.now();
    for (const [key, { until }] of targets) if (until <= now || targets.size >= TARGETS) targets.delete(key);
    const key = randomId().replaceAll("-", "");
    targets.set(key, {
      headers,
      mostBytes: toUploadRules(deployment).bytes,
      until: now + deployment.limits.uploadSeconds * 1000,
      async take(bytes, size) {
        const fault = findContentFault(deployment, file, bytes, size);
        const sha256 = fault ? "" : await toSha256(bytes);
        clock.after(delayMs, () => {
          if (files.find(file.owner, file.id) !== file) return;
          if (fault) {
            files.remove(file);
            return tell(file, fault);
          }
          // One that is in a message already stays as it is, whatever comes after.
          if (file.phase === "sent") return;
          files.fill(file, bytes);
          Object.assign(file, { phase: "uploaded", sha256, fileSize: bytes.length });
          tell(file, { downloadUrl: toUrl(origin, file) });
        });
      },
    });
    return key;
  };

  return {
    presign(asker, { attachmentId, ...claim }) {
      const fault = findClaimFault(asker.deployment, claim);
      if (fault) return { ok: false, fault };
      const isFree = attachmentId !== undefined && ID.test(attachmentId) && !files.find(asker.owner, attachmentId);
      const file = create(asker, claim, isFree ? attachmentId : randomId());
      files.add(file);
      const headers = { "x-amz-tagging": `organizationId=sandbox&attachmentId=${encodeURIComponent(file.id)}` };
      const key = createTarget(asker, file, headers);
      const url = `${asker.origin}/uploads/${key}/${encodeURIComponent(file.fileName)}`;
      return { ok: true, body: { attachmentId: file.id, headers, url, ...toClaim(file) } };
    },
    refresh(asker, attachmentId) {
      const found = find(asker, attachmentId);
      if (!("file" in found)) return found;
      const { file } = found;
      return { ok: true, body: { attachmentId, headers: {}, url: toUrl(asker.origin, file), ...toClaim(file) } };
    },
    remove(asker, attachmentId) {
      const found = find(asker, attachmentId);
      if (!("file" in found)) return found;
      if (found.file.phase === "sent") return fail(4009, "The attachment is in a message and cannot be deleted");
      files.remove(found.file);
      return { ok: true, body: { attachmentId } };
    },
    send(asker, attachmentId) {
      const found = find(asker, attachmentId);
      if (!("file" in found)) return found;
      found.file.phase = "sent";
      return { ok: true, body: toContent(found.file, asker.origin) };
    },
    async offer(asker, { fileName, fileType, bytes }) {
      const file = create(asker, { fileName, fileType, fileSize: bytes.length }, randomId());
      Object.assign(file, { phase: "sent", sha256: await toSha256(bytes) });
      files.add(file);
      files.fill(file, bytes);
      return toContent(file, asker.origin);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    target(key) {
      const target = targets.get(key);
      return target && target.until > clock.now() ? target : undefined;
    },
    follow: files.follow,
  };
}
