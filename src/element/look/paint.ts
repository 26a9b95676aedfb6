/** A deployment's look as custom properties on the element, each below the one that the page sets, and as what the views ask. */
import type { Look } from "../../hub/look.ts";
import { toAccent } from "./accent.ts";
import type { LookHost } from "./host.ts";

/** As the style sheets know them. */
export const NAMES = ["--chat-deployment-accent", "--chat-deployment-side", "--chat-deployment-bottom"] as const;

export interface Paint {
  properties: Partial<Record<(typeof NAMES)[number], string>>;
  /** The corner, in place of the page's. */
  position?: "start" | "end";
  /** A launcher that is left to the deployment shows. */
  shown: boolean;
}

/** Nothing is known. */
export const PLAIN: Paint = { properties: {}, shown: false };
/** With no deployment to ask, or before consent, the launcher shows. */
export const ALONE: Paint = { properties: {}, shown: true };

/** `isDemanded`: the chat is open, or a conversation goes on. */
export function toPaint(look: Look, host: LookHost, isDemanded: boolean): Paint {
  const { colour, active, headless, launcher = "On" } = look;
  const accent = colour && toAccent(colour);
  const shown = active && !headless && (launcher === "On" || (launcher === "OnDemand" && isDemanded));
  // A launcher that the page shows is painted before any of this is known, and may not move under the pointer.
  const isPlaced = host.launcher !== "deployment" || host.position;
  if (isPlaced) return { properties: { "--chat-deployment-accent": accent }, shown };
  return {
    properties: {
      "--chat-deployment-accent": accent,
      // The panel stands there, too: however far from the edge, there is room for it.
      "--chat-deployment-side": look.side === undefined ? undefined : `min(${look.side}px,max(20px,100vw - 420px))`,
      "--chat-deployment-bottom": look.bottom === undefined ? undefined : `${look.bottom}px`,
    },
    position: toPosition(look, host),
    shown,
  };
}

/** Left and right are as one sees it, start and end as one reads. */
function toPosition({ alignment = "Auto" }: Look, host: LookHost): Paint["position"] {
  if (alignment === "Auto") return undefined;
  return (alignment === "Left") === (getComputedStyle(host).direction === "ltr") ? "start" : "end";
}
