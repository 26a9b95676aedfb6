/** A deployment's chat from another origin: who is let in, by the deployment's list of domains, and what the guest is told. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { demoDeployment } from "../../../src/sandbox/web-messaging/demo-deployment.ts";
import { at, eventually, say, shown } from "../../support/site.ts";
import { type Tap, tap } from "../../support/tap.ts";
import { useShop } from "./shop.ts";

describe("a page that has a deployment's chat from a CDN", () => {
  const { site, enter, expect } = useShop(() => ({
    deployment: { ...demoDeployment, allowedDomains: ["cdn.localhost", "shop.localhost"] },
  }));
  let line: Tap;

  before(async () => {
    line = await tap(site.demo.url);
    const endpoint = at(site.demo.url, "shop");
    line.rewrite = (html) =>
      html.replace(/data-broker="[^"]*"/, `data-deployment-id="${demoDeployment.id}" data-endpoint="${endpoint}"`);
  });
  after(() => line.close());

  test("talks, over the frame's own socket, where the deployment lists it and the CDN", async () => {
    const { page } = await enter(`${at(line.url, "shop")}/embed.html`);
    await say(page, "hello");
    await shown(page, /^Hello! What can I do/);
    const { connections } = await site.state();
    assert.deepEqual(
      connections.map(({ origin }) => origin),
      [at(site.demo.url, "cdn")],
    );
    assert.equal(page.frames().filter((frame) => frame.url().endsWith("/hub.html")).length, 1);
  });

  test("is told that the chat is not for it where the deployment lists only the CDN", async () => {
    expect("CHAT_NOT_ALLOWED");
    const before = (await site.state()).sessions.length;
    const { guest, page } = await enter(`${at(line.url, "other")}/embed.html`);
    await page.getByText("The chat is not available on this page.").first().waitFor();
    await eventually(() => assert.match(guest.console.join("\n"), /CHAT_NOT_ALLOWED.*other\.localhost is not among/));
    assert.equal((await site.state()).sessions.length, before);
  });
});
