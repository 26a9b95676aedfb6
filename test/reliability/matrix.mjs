/** The fault matrix: every fault that the chat is held to, and what is expected of it. The row's number ends the name of each of its tests. */

/** What is promised, in plain words. */
export const guarantees = [
  [
    "G1",
    "No silent loss: what a guest has sent is on disk before it is shown, and ends as sent, failed with a reason, or unconfirmed.",
  ],
  ["G2", "Nothing is shown twice, and nothing is on the server twice unless the guest sends it again himself."],
  ["G3", "Own messages leave in the order typed. The transcript has one order, the same in all tabs."],
  ["G4", "After any interruption the transcript is the server's again within one replay."],
  ["G5", "One socket for all tabs of a browser; two for at most 15 s during a refresh."],
  [
    "G6",
    "Attempts are bounded: full jitter, from 0.5 s up to 30 s, begun anew only after 10 s of healthy uptime; none after what is final; spread over once to twice of what a server asks for.",
  ],
  [
    "G7",
    "A dead link is noticed within 45 s where nobody writes, within 10 s where a text waits for its echo, and at once after a wake.",
  ],
  [
    "G8",
    "Credentials are refreshed when less than 5 minutes or a fifth of their life is left: once for all tabs, never more than once a second.",
  ],
  ["G9", "All tabs show the same within 1 s."],
  ["G10", "Every promise that is given settles."],
  [
    "G11",
    "Nothing is ever thrown into the page. Where storage or the worker fails, the chat goes on and says so (`chat-degraded`).",
  ],
];

/** `but` says what of a row is otherwise, `later` why it has no test; a row that has one needs no `later`. */
export const rows = [
  {
    row: 1,
    fault: "1006 in mid-send (frame written, no echo)",
    expected:
      'It stays "sending". The replay of the next connection tells whether it arrived; if not, it goes again with its id',
  },
  {
    row: 2,
    fault: "Frame lost before the server (never arrives)",
    expected: "As row 1: sent again once, one copy on the server",
  },
  {
    row: 3,
    fault: "Server got it, echo lost",
    expected: "A connection that catches up anew shows it: sent, and not sent again",
  },
  {
    row: 4,
    fault: "Echo late (after the resend decision)",
    expected: "One bubble; an echo that comes late or twice changes nothing",
  },
  { row: 5, fault: "Echo before the local persist finished", expected: "One bubble, and it ends as sent" },
  {
    row: 6,
    fault: "Close 1000/1001 by server (deploy)",
    expected: "The next connection after a pause with jitter; nothing is told to the guest within 3 s",
  },
  {
    row: 7,
    fault: "Close 1008/1002/4401/4403/unknown 4xxx",
    expected:
      "By code: final, three times more, or for as long as it takes; then the reason, and a way to try again. Texts stay",
  },
  {
    row: 8,
    fault: "1009 too big / 4011 too long",
    expected: "`message_too_long`: that message fails with its reason, those behind it go on",
    but: "The close 1009 is retried three times and then told: no text within the limit is that large",
  },
  {
    row: 9,
    fault: "Half-open TCP (black hole both ways)",
    expected: "Noticed within 45 s where nobody writes, within 10 s where a text waits for its echo",
  },
  {
    row: 10,
    fault: "One-way path: can send, cannot receive",
    expected: "As row 9, and what did arrive is not sent again",
  },
  {
    row: 11,
    fault: "Very slow link (2 kB/s, 3 s latency, jitter)",
    expected: "It works on one connection: each stage of a connect has 10 s of its own",
    but: "Typing is told at most every 5 s, and is not held back further",
  },
  { row: 12, fault: "Frames split into 1-byte TCP slices", expected: "no effect" },
  {
    row: 13,
    fault: "Connect hangs in TCP/TLS/upgrade",
    expected: "The attempt is given up after 10 s without an answer; the next after a pause with jitter",
  },
  {
    row: 14,
    fault: "Upgrade answers 401/403/404/426/429/500/502/503 with HTML body",
    expected:
      "A browser sees 1006 only. After two, HTTP is asked once and its status judged; if all is well there, `CHAT_SOCKET_BLOCKED`, and tried on",
  },
  {
    row: 15,
    fault: "Captive portal / proxy answers 200 HTML to fetch",
    expected: "A network failure like any other: tried again, nothing throws",
  },
  {
    row: 16,
    fault: "Config fetch fails or is stale",
    expected: "last-known-good ≤ 24 h; else launcher shows offline form/hidden by option",
    later: "comes with web messaging",
  },
  {
    row: 17,
    fault: "WebSocket open but no SessionResponse",
    expected: 'No `handshake_ack`: given up after 10 s, never "connected"',
  },
  {
    row: 18,
    fault: "SessionResponse `connected:false` / `readOnly:true` on start",
    expected: "read-only UI or start-new per config; startNew race handled (close all, then configure)",
    later: "comes with web messaging",
  },
  {
    row: 19,
    fault: "Laptop sleep 8 h (timers frozen, wall clock jumps)",
    expected: "The dead link is left within 10 s of waking, the token renewed, what was missed is there",
  },
  {
    row: 20,
    fault: "Wall clock set back 1 h / forward 1 y; NTP step",
    expected: "No storm, no negative pause; the order typed is the order sent. Timers run on the monotonic clock",
  },
  {
    row: 21,
    fault: "Device clock wrong by ±15 min",
    expected: "Refreshed by the server's clock; messages stand in the order of the server's times",
  },
  {
    row: 22,
    fault: "setTimeout > 2^31−1 ms (18-month session)",
    expected: "Neither renewed at once nor every moment: long timers are cut",
  },
  { row: 23, fault: "offline/online flapping 10×/s", expected: "One attempt in flight at any time, no storm" },
  {
    row: 24,
    fault: "`navigator.onLine` false though network works",
    expected: "Tried all the same: the browser's word is not asked",
  },
  {
    row: 25,
    fault: "Network change wifi→4G (socket dies silently)",
    expected: "Tried at once, without a pause; a dead link is left within 10 s",
  },
  { row: 26, fault: "Duplicate frames (same id)", expected: "One bubble, counted once as unread" },
  {
    row: 27,
    fault: "Duplicate with other id shape (live id vs `channel.messageId`)",
    expected: "A replay of what came live adds nothing",
  },
  {
    row: 28,
    fault: "Two different messages, same `channel.time`",
    expected: "Both are shown, in the same order everywhere and after a reload",
  },
  {
    row: 29,
    fault: "Reordered frames (bot replies 2 before 1)",
    expected: "Shown at once, each at its place by time; announced in order, each once",
    but: "Focus and scroll: the element's own tests",
  },
  {
    row: 30,
    fault: "Message with missing/invalid time or id",
    expected: "No message of the profile: passed over, and those around it are there",
    but: "The guest API refuses such a frame; nothing is made up for it, nor counted",
  },
  {
    row: 31,
    fault: "Typing after message; typing never ends",
    expected: "Ends with the message, after 30 s, and with the connection",
  },
  {
    row: 32,
    fault: "Malformed JSON, BOM, lone surrogates, NUL, duplicate keys, deep nesting, 1e999, `__proto__` keys",
    expected: "The frame is dropped, the connection kept; no prototype changes",
    but: "They are not counted: a flood of them does not end the connection",
  },
  {
    row: 33,
    fault: "Oversize inbound frame (10 MB)",
    expected: "Refused above 1 MiB, and the talk goes on",
    but: "Main-thread time: see BENCHMARKS",
  },
  { row: 34, fault: "Binary frame, empty frame, ping flood", expected: "Ignored" },
  { row: 35, fault: "Unknown class/type/contentType/event", expected: "Passed over, and the session lives" },
  {
    row: 36,
    fault: "429 frame with `retryAfter` seconds",
    expected: "Nothing is sent for as long as the server says; nothing is lost, and the order stays",
  },
  {
    row: 37,
    fault: "429/503 HTTP with Retry-After as HTTP date, in the past, absurd (1e9), missing",
    expected: "Kept within 0 and 15 minutes, spread over once to twice of it; the back-off's own where there is none",
  },
  {
    row: 38,
    fault: "User pastes 30 messages in 2 s",
    expected: "No refusal at all: the session keeps below what `handshake_ack` allows",
  },
  { row: 39, fault: "Server lowers its limit", expected: "Slowed down by each refusal; all arrive, once and in order" },
  {
    row: 40,
    fault: "401 in mid-session",
    expected: "Refreshed once, and what was typed goes out; refused again, it ends with a reason. Texts stay",
  },
  { row: 41, fault: "Token expires while asleep", expected: "Refreshed before the first frame after the wake" },
  {
    row: 42,
    fault: "Refresh fails: network / 400 invalid_grant / 5xx / hangs",
    expected:
      "Network, 5xx and silence of 10 s are tried again while the talk goes on; a ticket that is refused means a new session",
  },
  {
    row: 43,
    fault: "Two tabs refresh at once; rotated refresh token reuse detected",
    expected: "single-flight under Web Lock (web-messaging `token/refresh`)",
    later: "comes with web messaging, whose refresh tokens rotate",
  },
  {
    row: 44,
    fault: "Refreshed token is for another user (account switch in tab B)",
    expected: "old session closed, transcript wiped in all tabs before the new one is shown",
    later: "comes with sign-in by another person",
  },
  {
    row: 45,
    fault: "JWKS rotated / unreachable at broker",
    expected: "one forced refetch with cool-down; cached keys ≤ max-age; 503 to client, not 401",
    later: "the broker's; not claimed here",
  },
  {
    row: 46,
    fault: "Storage: quota exceeded on write",
    expected: "The conversation goes on in memory, nothing is lost, and the page is told (`chat-degraded`)",
  },
  {
    row: 47,
    fault: "Storage blocked: getter throws, null, IDB open error/blocked/hangs",
    expected: "The same; an open that hangs is given up after 2 s",
  },
  {
    row: 48,
    fault: "Storage corrupted / newer schema / half-written",
    expected: "What is no record is left aside; a newer schema means memory. Never a crash loop",
  },
  {
    row: 49,
    fault: "Private mode / ITP partition / 7-day eviction",
    expected: "new session without error; server history used when authenticated",
  },
  { row: 50, fault: "User clears site data during chat", expected: "It goes on, and is put on disk again" },
  {
    row: 51,
    fault: "Two worker versions at once (deploy with old tabs open)",
    expected:
      "protocol version in the worker name + handshake; old stays for old tabs, Web Lock hands over ownership, exactly one socket; outbox readable by both",
    later: "two builds at once are not tested yet",
  },
  {
    row: 52,
    fault: "SharedWorker unsupported, blocked by CSP `worker-src`, cross-origin script, or throws at start",
    expected: "falls to lock-based leader tab, then to single tab; same tests pass",
  },
  {
    row: 53,
    fault: "SharedWorker killed by browser while tabs live",
    expected: "ports silent → tab ping misses 2 → new worker, state from IDB",
  },
  {
    row: 54,
    fault: "Tab crash (port never closes)",
    expected: 'Known by the lock it held; unread and "seen" are right in the others',
  },
  {
    row: 55,
    fault: "Leader tab frozen (fallback mode)",
    expected: "lock held by frozen tab: steal after missed beats; on thaw the old leader steps down before sending",
  },
  {
    row: 56,
    fault: "bfcache store + restore",
    expected:
      "port closed at pagehide(persisted), rejoined at pageshow, state refreshed; page stays bfcache-eligible (no unload handler)",
  },
  { row: 57, fault: "50 tabs opened at once", expected: "one socket; start-up < 1 s each; no O(n²) traffic" },
  { row: 58, fault: "Tab duplicated (sessionStorage cloned)", expected: "new tab id; no double send" },
  {
    row: 59,
    fault: "Element removed/re-added, SPA route swap, adopted to another document",
    expected: "The element keeps its session when moved; no second one",
  },
  {
    row: 60,
    fault: "Loader included twice / two widget versions on a page",
    expected: "second is a no-op with a warning; `customElements.define` clash handled",
  },
  {
    row: 61,
    fault: "4th connection from another device (ConnectionClosedEvent)",
    expected: 'state "moved elsewhere", no ping-pong; explicit take-over button',
    later: "comes with web messaging",
  },
  {
    row: 62,
    fault: "Session expired/not found (4006/4007) while queue non-empty",
    expected: "A new session; texts that wait arrive in it, the old transcript stays above a divider",
  },
  {
    row: 63,
    fault: "Expiry notice, then user writes",
    expected: "notice removed; deadline moved by server value (seconds!)",
    later: "comes with web messaging",
  },
  {
    row: 64,
    fault: "Agent disconnect: Send vs ReadOnly",
    expected:
      'composer right in all tabs; queued messages fail with "conversation ended" and offer start-new with text kept; replayed Disconnect in history does not end a live one',
    later: "comes with web messaging",
  },
  {
    row: 65,
    fault: "Clear conversation from another tab/device (SessionCleared + close)",
    expected: "wiped everywhere, keys rotated",
    later: "comes with web messaging",
  },
  {
    row: 66,
    fault: "Auto-start + custom attributes too large (4013)",
    expected: "attributes trimmed/reported; the conversation still starts",
    later: "comes with web messaging",
  },
  {
    row: 67,
    fault: "Broker restart / rolling deploy",
    expected: "sessions stateless or in shared store; in-flight mint retried with idempotency key; graceful drain",
    later: "the broker's; not claimed here",
  },
  {
    row: 68,
    fault: "Broker store down",
    expected: "existing chats unaffected; minting 503 + Retry-After",
    later: "the broker's; not claimed here",
  },
  {
    row: 69,
    fault: "Client-credentials token at broker revoked/expired/429",
    expected: "one refetch single-flight; circuit breaker; metrics",
    later: "the broker's; not claimed here",
  },
  {
    row: 70,
    fault: "Profile sync: Genesys contact API 409/429/5xx/slow",
    expected: "chat never waits for it; idempotent upsert by external id; retry queue; conflict merge rule",
    later: "the broker's; not claimed here",
  },
  {
    row: 71,
    fault: "Upload cut at 50 % / presigned URL expired / S3 403 / CORS fail",
    expected: "progress stops, automatic retry from a new URL ×2, then failed with retry; the text is not lost",
    later: "comes with web messaging",
  },
  {
    row: 72,
    fault: "Upload success event lost",
    expected: "poll/refresh by id once; else retry; no double attachment",
    later: "comes with web messaging",
  },
  {
    row: 73,
    fault: "Tab closed in mid-upload",
    expected: 'file ≤ 10 MB kept in IDB or clearly dropped with a notice on return; no phantom "sending"',
    later: "comes with web messaging",
  },
  {
    row: 74,
    fault: "File refused 4001–4005/4008–4010/4102",
    expected: "exact localised reason; other files unaffected",
    later: "comes with web messaging",
  },
  {
    row: 75,
    fault: "Attachment link expired when opened",
    expected: "refreshed silently on click/scroll, ≤ 1 try",
    later: "comes with web messaging",
  },
  {
    row: 76,
    fault: "History page fails, or is all duplicates, or grows while paging",
    expected: "retry; do not declare the end on a duplicate page; 10/min budget",
    later: "comes with web messaging",
  },
  {
    row: 77,
    fault: "Reconnect after 200 missed messages",
    expected: "One `resume` brings all of them, in order and each once; unread is right",
  },
  {
    row: 78,
    fault: "Thundering herd: 10 000 clients drop at t0",
    expected:
      "a server that admits 1,000 a minute and answers the rest with Retry-After 60: all back within 20 min, ≤ 12 attempts a client on average, after the first minute no second above 250 attempts",
    later: "the simulation's",
  },
  { row: 79, fault: "Outage 30 min then recovery", expected: "At most 150 attempts; live within 30 s of its return" },
  {
    row: 80,
    fault: "Flap: connects, dies after 1 s, repeat",
    expected: "The pauses grow until 10 s of healthy uptime",
  },
  {
    row: 81,
    fault: "Background throttling (1/min timers, Safari)",
    expected: "No false death: any frame is an answer, whenever a timer comes to look",
  },
  {
    row: 82,
    fault: "Host page monkey-patches fetch/WebSocket/Promise/JSON or ships broken polyfills, zone.js",
    expected: "worker unaffected; page side keeps pristine references",
  },
  {
    row: 83,
    fault: "Host listener throws in our event callback",
    expected: "The chat goes on; the page's own error is the page's",
  },
  {
    row: 84,
    fault: "Slow host main thread (5 s block)",
    expected: "Nothing is lost, and the connection stays: it lives in the worker",
  },
  {
    row: 85,
    fault: "Locale switch / RTL while messages stream",
    expected: "no remount, order kept",
    later: "not tested yet",
  },
  {
    row: 86,
    fault: "Memory: 10 000-message transcript",
    expected: "windowed; < 60 MB, scroll 60 fps",
    later: "measured, see BENCHMARKS",
  },
  {
    row: 87,
    fault: "Clock/seed: full random fault soak (all above mixed)",
    expected: "all oracles hold for ≥ 2000 seeds",
    later: "the simulation's",
  },
];
