/** The script of callback.html, to which the provider sends the guest back: hands the answer over and closes the window. */
import { type Answer, openChannel, TAKEN } from "./channel.ts";

/** Then nobody is there to take the answer. */
const PATIENCE_MS = 3000;

const given = new URLSearchParams(location.search);
// Neither the history nor a reload is to have the code.
history.replaceState(null, "", location.pathname);

const show = (text: string): void => {
  const status = document.querySelector("[role=status]");
  if (status) status.textContent = text;
};
const read = (name: string): string | undefined => given.get(name) ?? undefined;

const state = read("state");
const answer: Answer = {
  code: read("code"),
  iss: read("iss"),
  error: read("error"),
  description: read("error_description"),
};
const LOST = "This sign-in was not expected here, or took too long. Please close this window and try again.";

if (state === undefined) show(LOST);
else {
  const channel = openChannel(state);
  const timer = setTimeout(() => show(LOST), PATIENCE_MS);
  channel.onmessage = ({ data }) => {
    if (data !== TAKEN) return;
    clearTimeout(timer);
    channel.close();
    // For browsers that let a window be closed only by whoever has opened it.
    show(
      answer.code === undefined ? "You were not signed in. You can close this window." : "You can close this window.",
    );
    window.close();
  };
  channel.postMessage(answer);
}
