/**
 * What the element obeys of a deployment's configuration: whether there is a launcher, its colour and place, and sentences.
 * A chunk of its own, fetched with the first deployment. What the page sets by attributes, styles and texts wins.
 */
import type { ChatState } from "../../chat/state.ts";
import { getLook, keep, type Look, readKept } from "../../hub/look.ts";
import type { Kit } from "../kit.ts";
import { type Consent, type LookHost, toRequest } from "./host.ts";
import { toTexts } from "./labels.ts";
import { ALONE, NAMES, type Paint, PLAIN, toPaint } from "./paint.ts";
import { whenWanted } from "./wanted.ts";

/** A launcher waits for its configuration: after so long, in ms, it is asked for again, then after twice as long. */
const AGAIN_MS = 30_000;

export const styles = /* css */ `
.root{
  --inset:var(--chat-inset,var(--chat-deployment-side,20px));
  --under:var(--chat-inset,var(--chat-deployment-bottom,20px));
}
.launcher{inset-block-end:max(var(--under),env(safe-area-inset-bottom))}
@media not ((max-width:480px) or (max-height:420px)){
  .panel{
    inset-block-end:max(var(--under),env(safe-area-inset-bottom));
    height:min(var(--chat-height,700px),100dvh - var(--under) - 96px);
  }
}
`;

export function create({ update }: Pick<Kit, "update">) {
  /** What was asked for: another deployment is another look. */
  let known: string | undefined;
  let look: Look | null = null;
  let stop = () => {};

  /** What is kept is obeyed at once, what is asked for replaces it. `isCurrent`: it is still this that is wanted. */
  function begin(host: LookHost, isCurrent: () => boolean): void {
    const deploymentId = host.deploymentId as string;
    const isDurable = host.storage !== "memory";
    const waits = host.launcher === "deployment";
    let pause = AGAIN_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    look = isDurable ? readKept(deploymentId, Date.now()) : null;

    async function ask(): Promise<void> {
      try {
        const found = await getLook(toRequest(host));
        if (!isCurrent()) return;
        look = found;
        if (isDurable) keep(deploymentId, look, Date.now());
        if (waits && !look.active) tell(`deployment ${deploymentId} is not active, so there is no launcher`);
      } catch (error) {
        // Where there is a launcher, opening the chat tells what is wrong.
        if (look || !waits || !isCurrent()) return;
        if (pause === AGAIN_MS) tell("the launcher waits for the deployment's configuration:", error);
        timer = setTimeout(ask, pause);
        pause *= 2;
      }
      update();
    }

    const unlisten = whenWanted(host, waits, ask);
    stop = () => {
      unlisten();
      clearTimeout(timer);
    };
  }

  const view = {
    shown: false,
    position: undefined as Paint["position"],
    /** Sentences of the deployment's, by our keys. */
    texts: {} as Record<string, string>,

    /** Called before each update; `language` is BCP 47, the page's. */
    obey(host: LookHost, consent: Consent, { phase }: Pick<ChatState, "phase">, language: string): void {
      const { deploymentId, environment, endpoint, storage, launcher } = host;
      const may = !consent.isMissing && isAsked(host);
      const key = may ? JSON.stringify([deploymentId, environment, endpoint, storage, launcher]) : "";
      if (key !== known) {
        stop();
        look = null;
        known = key;
        stop = () => {};
        if (key) begin(host, () => known === key);
      }
      const isDemanded = host.open || (phase !== "idle" && phase !== "ended");
      const paint = !key ? ALONE : look ? toPaint(look, host, isDemanded) : PLAIN;
      view.shown = paint.shown;
      view.position = paint.position;
      view.texts = look ? toTexts(look, language) : {};
      // Who names the chat has named its header.
      if (host.texts?.chat) delete view.texts.title;
      set(host, paint);
    },
  };
  return view;
}

/** The page speaks web messaging. */
const isAsked = ({ protocol, broker, deploymentId }: LookHost): boolean =>
  Boolean(deploymentId) && (protocol ? protocol === "web-messaging" : !broker);

/** Only what changes: pages may watch. */
function set({ style }: LookHost, { properties }: Paint): void {
  for (const name of NAMES) {
    const value = properties[name] ?? "";
    if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
  }
}

const tell = (...what: unknown[]): void => console.warn("[genesys-guest-chat] CHAT_CONFIGURATION:", ...what);
