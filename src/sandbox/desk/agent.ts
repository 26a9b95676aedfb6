/** What an agent can do in a conversation, as `POST /sandbox/agent` and the desk ask for it. */
import * as v from "valibot";
import type { Conversation } from "../conversation.ts";
import { someText } from "../http.ts";
import type { StandingKeeper } from "./standing.ts";

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
  /** Has looked at it: nothing is unread any more. The guest is not told. */
  v.strictObject({ ...common, do: v.literal("read") }),
  v.pipe(
    v.looseObject({ do: v.picklist(["card", "carousel", "file", "clear"]) }),
    v.check(() => false, "The guest API has no such message; it comes with web messaging"),
    v.transform((action) => action as never),
  ),
]);

export type AgentAction = v.InferOutput<typeof agentAction>;

/** Only for a conversation that is not read-only. */
export function performAgentAction(conversation: Conversation, standing: StandingKeeper, action: AgentAction): void {
  if (action.do === "read") {
    standing.read();
    return;
  }
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
