/** What the profile's own close codes ask for (Guest API profile, section 3). */
import type { RetryDecision } from "../../chat/event.ts";
import { CLOSE } from "../../wire/guest-api.ts";

export const closeCodes: Readonly<Record<number, RetryDecision>> = {
  [CLOSE.tokenRefused]: { do: "refresh", times: 1 },
  [CLOSE.notAllowed]: { do: "stop" },
  [CLOSE.sessionGone]: { do: "new-session", times: 3 },
  [CLOSE.noHandshake]: { do: "retry" },
  [CLOSE.tooMany]: { do: "retry", load: true },
};
