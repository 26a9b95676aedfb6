/** config.json and domains.json of a deployment, in the shapes of the platform's CDN (sections 1.3 and 1.4 of the protocol). */
import type { Deployment } from "./deployment.ts";

/** `origin`: where the sandbox serves everything, as the asker has addressed it. */
export function toConfigJson(deployment: Deployment, origin: string): object {
  const { id, version, languages, defaultLanguage, status, position, limits, fileUpload, auth } = deployment;
  const { enableAttachments, modes } = fileUpload;
  return {
    id,
    version,
    languages,
    defaultLanguage,
    apiEndpoint: origin,
    headlessMode: { enabled: deployment.headless },
    messenger: {
      enabled: deployment.messengerEnabled,
      apps: {
        conversations: {
          enabled: deployment.conversationsEnabled,
          messagingEndpoint: origin.replace(/^http/, "ws"),
          showAgentTypingIndicator: deployment.typing.agent,
          showUserTypingIndicator: deployment.typing.guest,
          autoStart: { enabled: deployment.autoStart },
          markdown: { enabled: deployment.markdown },
          conversationDisconnect: deployment.disconnect,
          conversationClear: { enabled: deployment.clear },
          humanize: deployment.humanize,
          notifications: { enabled: deployment.notifications, notificationContentType: "ExcludeMessagesContent" },
          sessionDurationSeconds: limits.sessionSeconds,
        },
      },
      styles: { primaryColor: deployment.primaryColor },
      launcherButton: { visibility: deployment.launcher },
      homeScreen: { enabled: deployment.homeScreen },
      fileUpload: { ...(enableAttachments !== null && { enableAttachments }), modes },
      sessionPersistenceType: "AcrossSubdomains",
    },
    position,
    customI18nLabels: Object.entries(deployment.labels).map(([language, labels]) => ({
      language,
      localizedLabels: Object.entries(labels).map(([key, value]) => ({ key, value })),
    })),
    journeyEvents: { enabled: false },
    status,
    auth: { enabled: auth.enabled, allowSessionUpgrade: auth.allowSessionUpgrade },
  };
}

export const toDomainsJson = ({ allowedDomains }: Deployment): object => ({
  allowAllDomains: allowedDomains === undefined,
  allowedDomains: allowedDomains ?? [],
});
