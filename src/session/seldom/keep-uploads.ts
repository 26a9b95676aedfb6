/** Keeps the files that are up and in no message over the end of a hub; what was on its way has gone with it. */
import type { Extended } from "../protocol.ts";

/** Shows what an earlier hub has kept. Returns what to call after each event. */
export function keepUploads({ chat, emit, keep, standing }: Extended): () => void {
  const { uploads } = standing();
  if (uploads !== undefined) emit({ type: "restored", uploads });
  let kept = toKept();

  function toKept(): string {
    return JSON.stringify((chat.state.uploads ?? []).filter(({ phase }) => phase === "uploaded"));
  }

  return () => {
    const now = toKept();
    if (now === kept) return;
    kept = now;
    void keep({ uploads: JSON.parse(now) });
  };
}
