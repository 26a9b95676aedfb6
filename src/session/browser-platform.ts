/** The platform of a browser's page or worker. */
import type { Platform, PlatformSocket } from "./platform.ts";
import { randomId, systemClock } from "./system.ts";

export const browserPlatform = (): Platform => ({
  clock: systemClock,
  random: Math.random,
  randomId,
  fetch: (url, init) => fetch(url, init),
  openSocket: (url) => new WebSocket(url) as PlatformSocket,
  locale: navigator.language,
  onWake(callback) {
    addEventListener("online", callback);
    return () => removeEventListener("online", callback);
  },
});
