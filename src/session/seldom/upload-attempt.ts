/** One attempt to get a file up: over when it is confirmed, or when connection, upload or patience ends. */
import { Failure } from "../../chat/failure.ts";
import { toFileFailure } from "../../chat/files/file-failure.ts";
import type { Upload } from "../../chat/rich.ts";
import type { Inside } from "./inside.ts";

/** Without an answer, or a byte that is up. */
const SILENCE_MS = 15_000;

export const findUpload = ({ chat }: Inside, id: string): Upload | undefined =>
  chat.state.uploads?.find((upload) => upload.id === id);

/** Rejects as `act` does, or when it has no answer in time. */
export async function within<T>({ platform }: Inside, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = new AbortController();
  const cancel = platform.clock.after(SILENCE_MS, () => patience.abort(new Failure("CHAT_OFFLINE", SILENT)));
  try {
    return await act(patience.signal);
  } finally {
    cancel();
  }
}

const SILENT = "no answer within 15 s";

/** Resolves with Genesys' id of the file. Rejects with CHAT_UPLOAD_FAILED where another attempt may help. */
export async function attempt(id: string, file: File, session: Inside): Promise<string> {
  const { platform, perform, watch, lifetime } = session;
  const over = new AbortController();
  let upload = findUpload(session, id);
  let cancelSilence = () => {};
  let confirm: (attachment: string) => void;
  const confirmed = new Promise<string>((resolve) => {
    confirm = resolve;
  });

  const end = (detail: string) => over.abort(toFileFailure("CHAT_UPLOAD_FAILED", detail));
  const listen = () => {
    cancelSilence();
    cancelSilence = platform.clock.after(SILENCE_MS, askFor);
  };
  /** All of it is up and nobody says so: the file itself is asked for, before it is sent a second time. */
  async function askFor() {
    const attachment = upload?.attachment;
    if (upload?.progress !== 1 || attachment === undefined) return end(SILENT);
    try {
      await within(session, (signal) => perform({ type: "refresh-link", attachment }, signal));
      confirm(attachment);
    } catch {
      end("no confirmation");
    }
  }
  const stopWatching = watch(() => {
    const now = findUpload(session, id);
    if (!now) over.abort(toFileFailure("CHAT_UPLOAD_CANCELLED"));
    else if (now !== upload) listen();
    upload = now;
  });
  lifetime.addEventListener("abort", () => end("the session stopped"), { signal: over.signal });

  try {
    if (!upload) throw toFileFailure("CHAT_UPLOAD_CANCELLED");
    const done = perform({ type: "attach", upload, file }, over.signal) as Promise<string>;
    return await Promise.race([done, confirmed]);
  } finally {
    stopWatching();
    cancelSilence();
    over.abort();
  }
}
