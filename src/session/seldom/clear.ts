/** Clearing a conversation that is over: its connection has ended with it, and another is opened for that alone. */
import { Failure } from "../../chat/failure.ts";
import type { Inside } from "./inside.ts";

/** As for all that needs a connection. */
const PATIENCE_MS = 30_000;

/** Resolves when it is empty. Rejects with a Failure; then it is over as before. */
export async function clearOver({ chat, emit, keep, loop, platform, standing, watch }: Inside): Promise<void> {
  const { credentials } = standing();
  const { epoch } = chat.state;
  if (!credentials) throw new Failure("CHAT_NO_SESSION");
  const { secrets } = credentials;
  await keep({ credentials: { ...credentials, secrets: { ...secrets, clear: "yes" } } });
  let listen = () => {};
  const stop = watch(() => listen());
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = platform.clock.after(PATIENCE_MS, () => reject(new Failure("CHAT_OFFLINE")));
      const settle = (act: () => void) => {
        cancel();
        act();
      };
      listen = () => {
        const { phase, reason, epoch: now } = chat.state;
        if (now !== epoch) settle(resolve);
        else if (phase !== "connecting" && phase !== "waiting") {
          settle(() => reject(new Failure(reason?.code ?? "CHAT_UNSUPPORTED", reason?.detail)));
        }
      };
      loop.start("start");
    });
  } catch (error) {
    loop.stop();
    await keep({ credentials });
    if (chat.state.phase !== "readonly") emit({ type: "readonly", sentAt: platform.clock.now() + standing().skew });
    throw error;
  } finally {
    stop();
  }
}
