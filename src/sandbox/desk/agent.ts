/** What an agent can do in a conversation, as `POST /sandbox/agent` and the desk ask for it. */
import * as v from "valibot";
import type { Message } from "../conversation.ts";
import { someText } from "../http.ts";
import type { Session, WebSide } from "../sessions.ts";
import { richActions, toContent } from "../web-messaging/agent-actions.ts";
import type { StandingKeeper } from "./standing.ts";

const DEFAULT_NAME = "Mira Koch";

const common = {
  /** Id of a session; without it, the newest. */
  session: v.optional(someText),
  name: v.optional(v.pipe(someText, v.maxLength(256))),
  /** The agent's picture; only web messaging shows it. */
  avatarUrl: v.optional(v.pipe(someText, v.maxLength(2048))),
};

export const agentAction = v.variant("do", [
  v.strictObject({ ...common, do: v.literal("message"), text: someText }),
  v.strictObject({ ...common, do: v.literal("typing"), on: v.optional(v.boolean(), true) }),
  v.strictObject({
    ...common,
    do: v.literal("quickReplies"),
    text: someText,
    quickReplies: v.pipe(v.array(v.strictObject({ text: someText, payload: someText })), v.minLength(1)),
  }),
  v.strictObject({ ...common, do: v.literal("leave") }),
  /** Has looked at it: nothing is unread any more. The guest is not told. */
  v.strictObject({ ...common, do: v.literal("read") }),
  ...richActions(common),
]);

export type AgentAction = v.InferOutput<typeof agentAction>;

const WORDS = ["message", "typing", "quickReplies", "leave", "read"];

/** Why an action cannot be done in a session; undefined when it can. */
export function findObjection({ web }: Session, action: AgentAction): string | undefined {
  if (!web) return WORDS.includes(action.do) ? undefined : "The guest API has no such message; web messaging has";
  const isTooLong = "text" in action && (action.text ?? "").length > web.textChars;
  return isTooLong ? `text: At most ${web.textChars} characters in web messaging` : undefined;
}

/** Only for a conversation that is not read-only, and an action that nothing stands against. */
export async function performAgentAction(
  { conversation, web }: Session,
  standing: StandingKeeper,
  action: AgentAction,
): Promise<void> {
  if (action.do === "read") return standing.read();
  if (action.do === "clear") return web?.clear();
  if (action.do === "leave") {
    conversation.leave(action.name ?? conversation.agents.at(-1) ?? DEFAULT_NAME);
    if (web?.leaving !== "Send") conversation.end();
    return;
  }
  const { name = DEFAULT_NAME, avatarUrl } = action;
  conversation.join(name);
  if (action.do === "typing") return conversation.type("agent", action.on, name);
  const draft: Pick<Message, "text" | "quickReplies" | "content"> = { text: action.text };
  if (action.do === "quickReplies") draft.quickReplies = action.quickReplies;
  else if (action.do !== "message") draft.content = await toContent(web as WebSide, action);
  // The guest may have ended it while a file was kept.
  if (!conversation.readOnly) conversation.post({ from: "agent", name, ...(avatarUrl && { avatarUrl }), ...draft });
}
