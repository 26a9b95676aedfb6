/** What each ChatError means to the site owner, and what can be done. A chunk of its own: fetched when there is something to tell. */

/** By code. A code never changes its meaning. */
export const ADVICE = {
  CHAT_CONFIGURATION:
    "The chat is not configured: set `broker` (your broker's URL) or `deployment-id` and `environment`.",
  CHAT_SECRET_IN_BROWSER:
    "An OAuth client secret is in a page, where everybody can read it: make a new one, keep it at a broker, and give the page `broker` and `route`.",
  CHAT_BROKER_UNREACHABLE:
    "The broker did not answer. Check its URL, that it runs, that ALLOWED_ORIGINS has this page's origin (a browser hides a refusal), and that connect-src allows it.",
  CHAT_BROKER_INVALID:
    "What answered at the broker's URL is not a broker: its answer was not the JSON that was expected.",
  CHAT_DEPLOYMENT_UNREACHABLE:
    "The deployment's configuration could not be fetched. Check `deployment-id`, `environment` or `endpoint`, and that connect-src allows them.",
  CHAT_NOT_ALLOWED:
    "The broker refused this page's origin, or that of the chat's files: add it, exactly as the browser sends it, to ALLOWED_ORIGINS. Or the deployment's allowed domains have not the page's.",
  CHAT_REFUSED: "The request was refused and would be refused again. The detail names what is wrong.",
  CHAT_UNAVAILABLE: "Genesys Cloud or the broker cannot serve the chat at the moment. It is tried again by itself.",
  CHAT_SIGN_IN_REFUSED:
    "The ID token was not believed. The detail names the claim, or says that the token was used for another guest: get a fresh one.",
  CHAT_TOKEN_INVALID: "Genesys answered with a guest token that cannot be used. The detail names the claim.",
  CHAT_SOCKET_BLOCKED:
    "HTTP works and no WebSocket opens: a firewall or proxy blocks wss on port 443, or the worker's connect-src does.",
  CHAT_CONNECTION_LOST: "The connection closed. The detail says with which code.",
  CHAT_CONNECTION_REFUSED: "Genesys closed the connection for good. The detail says with which code.",
  CHAT_NO_SESSION: "There is no session yet: open the chat, or call initialize(), first.",
  CHAT_OFFLINE: "There was no live connection in time.",
  CHAT_CONSENT_NEEDED:
    'With consent="required" nothing is kept or connected before the guest agrees: in the panel, or by your `grantConsent()`.',
  CHAT_INTERRUPTED: "The hub that held the session has gone before it answered. Ask again.",
  CHAT_ENDED: "The conversation is over.",
  CHAT_SESSION_EXPIRED: "Nobody wrote for so long that Genesys ended the session. The next message begins another.",
  CHAT_MOVED: "The conversation is open on so many devices that Genesys closed this one. The guest can take it over.",
  CHAT_TEXT_TOO_LONG: "The text is longer than the platform takes.",
  CHAT_TEXT_EMPTY: "The text is empty.",
  CHAT_ATTRIBUTES_TOO_LARGE:
    "The attributes are larger than the platform takes: 10,240 bytes of JSON by a broker, 2,048 bytes of names and values by a deployment. The detail names the largest.",
  CHAT_MESSAGE_REFUSED: "Genesys refused this message. The detail says why.",
  CHAT_EXPIRED: "The message was not sent within 24 hours.",
  CHAT_FILE_EMPTY: "The file has no content.",
  CHAT_FILE_TOO_LARGE: "The file is larger than the deployment's supported content profile allows.",
  CHAT_FILE_TYPE: "Files of this type or extension are not in the deployment's supported content profile.",
  CHAT_FILE_NAME: "The platform does not take a file of this name: it has no extension, or is too long.",
  CHAT_FILE_REFUSED: "Genesys refused the file. The detail says why.",
  CHAT_FILE_GONE: "The file is not at Genesys any more: it was too old, or never arrived. It has to be attached again.",
  CHAT_UPLOAD_FAILED:
    "The file did not arrive in three attempts. If it never does: connect-src of the chat's files must allow the address that the detail names.",
  CHAT_UPLOAD_CANCELLED: "The upload was taken away before it had ended.",
  CHAT_SIGN_IN_NEEDED:
    "Genesys asks the guest to sign in again. Answer the `chat-sign-in` event with `signIn()`, or begin anew as nobody in particular.",
  CHAT_UNSUPPORTED: "The protocol in use cannot do this.",
  CHAT_RELOAD_NEEDED: "The page and the running worker are of versions that do not understand each other.",
  CHAT_HOST:
    "The session could not be kept where it should live. The detail says what failed: for the worker look at worker-src and worker.js, for the frame at the page's frame-src and at frame-ancestors of hub.html.",
  CHAT_STORAGE_BLOCKED:
    "The browser blocks storage: the conversation is kept in memory and does not survive the browser.",
  CHAT_INTERNAL: "Something in the chat failed. Please report it with the detail.",
} as const;

export type ChatErrorCode = keyof typeof ADVICE;
