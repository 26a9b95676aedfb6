/** The two dialects, as a scene has to know them: where their chat is found. All else is the same to a guest. */
import type { Scenes } from "./stage.ts";

export interface Dialect {
  name: "the guest API" | "web messaging";
  /** Pages of the demo's whose tags share a session. */
  pages: readonly [string, string, string];
}

const DIALECTS: readonly Dialect[] = [
  { name: "the guest API", pages: ["/guest-api.html", "/shop/lamps.html", "/shop/returns.html"] },
  { name: "web messaging", pages: ["/web-messaging.html", "/web-messaging.html", "/web-messaging.html"] },
];

/** Scenes that are told once and played in both, each under a name of its own. */
export const inBoth = (tell: (dialect: Dialect) => Scenes): Scenes =>
  Object.fromEntries(
    DIALECTS.flatMap((dialect) =>
      Object.entries(tell(dialect)).map(([what, scene]) => [`over ${dialect.name}: ${what}`, scene]),
    ),
  );
