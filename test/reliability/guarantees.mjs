/** What is promised to a guest, in plain words. */
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
    "Attempts are bounded: full jitter, from 0.5 s up to 30 s, or 2 minutes where no tab shows the chat, begun anew only after 10 s of healthy uptime; none after what is final; spread over once to twice of what a server asks for, which no wake shortens.",
  ],
  [
    "G7",
    "A dead link is noticed within 45 s where nobody writes, within 10 s where a text waits for its echo, and after a sleep: looked at once where the machine tells of it, within 5 s where its clocks do.",
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
