/** Scenes of signing in: a real pop-up, at a provider that cuts itself off from who has opened it. */
import assert from "node:assert/strict";
import { demoDeployment } from "../../../src/sandbox/web-messaging/demo-deployment.ts";
import type { Tab } from "../../support/engines/browser.ts";
import { eventually } from "../../support/site.ts";
import type { Scenes, Stage } from "./stage.ts";

const BUTTON = 'document.querySelector("#sign-in")';
const OUTCOME = 'document.querySelector("#outcome").value';
const NAME = 'document.querySelector("input[name=name]")';

/** A page of the demo's with a button as a site would have it. */
async function openShop({ browser, site }: Stage): Promise<Tab> {
  const tab = await browser.open(`${site.demo.url}/shop/returns.html`);
  const { authorizationEndpoint, clientId } = site.demo.identityProvider ?? assert.fail("there is no provider");
  const options = { authorizationEndpoint, clientId, redirectUri: "/dist/callback.html" };
  await tab.evaluate(`import("/dist/sign-in.js").then(({ signIn }) => {
    const button = document.createElement("button");
    button.id = "sign-in";
    button.textContent = "Sign in";
    const output = document.createElement("output");
    output.id = "outcome";
    button.onclick = () =>
      signIn(${JSON.stringify(options)})
        .catch((error) => ({ failed: error.message }))
        .then((outcome) => { output.value = JSON.stringify(outcome); });
    document.body.prepend(button, output);
  })`);
  return tab;
}

async function outcome(tab: Tab): Promise<{ code?: string; failed?: string }> {
  await eventually(async () => assert.notEqual(await tab.evaluate(OUTCOME), ""), 20_000);
  return JSON.parse(String(await tab.evaluate(OUTCOME)));
}

export const signIn: Scenes = {
  async "a guest signs in in a pop-up, and Genesys exchanges what it brings"(stage) {
    const tab = await openShop(stage);
    // Playwright tells every page that it has the focus.
    if (stage.engine === "chromium") await tab.evaluate("Object.assign(document, { hasFocus: () => false }) && 0");
    await tab.click(BUTTON);
    const popUp = await stage.browser.popUp();
    await eventually(async () => assert.equal(await popUp.evaluate(`${NAME} !== null`), true));
    // Or the guest would count as gone: to the page, this pop-up looks closed.
    assert.equal(await tab.evaluate("document.hasFocus()"), false);
    await popUp.enter(NAME, "Ada Guest");
    const oauth = await outcome(tab);
    assert.ok(oauth.code, oauth.failed);
    const response = await fetch(`${stage.site.demo.url}/api/v2/webdeployments/token/oauthcodegrantjwtexchange`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ deploymentId: demoDeployment.id, oauth }),
    });
    assert.equal(response.status, 200, await response.text());
  },
};
