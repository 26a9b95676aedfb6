/** `chat-sign-in`: the guest wants to sign in. The page asks its identity provider, and answers with the element's `signIn()`. */
export class ChatSignInEvent extends Event {
  constructor() {
    super("chat-sign-in", { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    "chat-sign-in": ChatSignInEvent;
  }
}
