/** A site's own part of signing in: the chat asks, the identity provider says who it is, the chat goes on with that. */
import { signIn } from "/dist/sign-in.js";

/** The demo's provider believes any name. */
const PROVIDER = {
  authorizationEndpoint: `http://localhost:${location.port}/idp/auth`,
  clientId: "genesys-guest-chat-demo",
  redirectUri: "/dist/callback.html",
  scope: "openid profile email",
};

addEventListener("chat-sign-in", async ({ target }) => {
  // A click opens one window: somebody else on the page has answered.
  if (!navigator.userActivation.isActive) return;
  try {
    await target.signIn(await signIn(PROVIDER));
  } catch (error) {
    // Closed, or refused: the guest goes on as before.
    console.info(error.message);
  }
});
