/** What an agent can do in a conversation, as `POST /sandbox/agent` and the desk ask for it. */
import * as v from "valibot";
import type { Conversation } from "./conversation.ts";
import { someText } from "./http.ts";

const DEFAULT_NAME = "Mira Koch";

const common = {
  /** Id of a session; without it, the newest. */
  session: v.optional(someText),
  name: v.optional(v.pipe(someText, v.maxLength(256))),
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
]);

export type AgentAction = v.InferOutput<typeof agentAction>;

/** Only for a conversation that is not read-only. */
export function performAgentAction(conversation: Conversation, action: AgentAction): void {
  if (action.do === "leave") {
    conversation.leave(action.name ?? conversation.agents.at(-1) ?? DEFAULT_NAME);
    conversation.end();
    return;
  }
  const name = action.name ?? DEFAULT_NAME;
  conversation.join(name);
  if (action.do === "typing") conversation.type("agent", action.on, name);
  else if (action.do === "message") conversation.post({ from: "agent", name, text: action.text });
  else conversation.post({ from: "agent", name, text: action.text, quickReplies: action.quickReplies });
}
