/** Imports the dialect that the options name, where nobody knows beforehand which one that is. */
import type { OpenProtocol } from "./open-session.ts";

export const openProtocol: OpenProtocol = async (options) => {
  if (options.protocol === "web-messaging") {
    const { createWebMessaging } = await import("../protocols/web-messaging/web-messaging.ts");
    return createWebMessaging(options);
  }
  const { createGuestApi } = await import("../protocols/guest-api/guest-api.ts");
  return createGuestApi(options);
};
