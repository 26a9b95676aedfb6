/** What callback.html and the page that has asked say to each other: over a BroadcastChannel of their own, which no severed opener hinders. */

/** `state` is known to this sign-in alone; a channel reaches this origin alone. */
export const openChannel = (state: string): BroadcastChannel =>
  new BroadcastChannel(`genesys-guest-chat:sign-in:${state}`);

/** From the callback: what the provider sent along (RFC 6749, sections 4.1.2 and 4.1.2.1; RFC 9207). */
export interface Answer {
  code?: string;
  iss?: string;
  error?: string;
  description?: string;
}

/** From the page: the answer has come, the pop-up may go. */
export const TAKEN = "taken";

const MOST = 4096;

const isText = (value: unknown): boolean => value === undefined || (typeof value === "string" && value.length <= MOST);

export function isAnswer(value: unknown): value is Answer {
  if (typeof value !== "object" || value === null) return false;
  const { code, iss, error, description } = value as Answer;
  return [code, iss, error, description].every(isText) && (code === undefined) !== (error === undefined);
}
