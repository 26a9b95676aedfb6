/** From attributes to options. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ChatError } from "../../src/chat/error.ts";
import { toHubOptions } from "../../src/element/options.ts";
import { toAttributes } from "../../src/hub/given.ts";

const BASE = "https://shop.example/basket/";

describe("options", () => {
  test("a relative broker is resolved against the page, without a trailing slash", () => {
    assert.deepEqual(toHubOptions({ broker: "/broker/" }, BASE, "en"), {
      protocol: "guest-api",
      broker: "https://shop.example/broker",
      route: undefined,
      language: "en",
      attributes: {},
      storage: "local",
    });
  });

  test("no broker and no deployment: the site owner reads which attributes to set", async () => {
    assert.throws(() => toHubOptions({}, BASE, "en"), { code: "CHAT_CONFIGURATION" });
    assert.match(await new ChatError("CHAT_CONFIGURATION").explain(), /`broker`.*`deployment-id`/);
  });

  test("a deployment and its region are web messaging; an endpoint stands for the region", () => {
    const common = { protocol: "web-messaging", deploymentId: "d", language: "en", attributes: {}, storage: "local" };
    const { environment: _, ...region } = { ...common, environment: "x", endpoint: undefined };
    assert.deepEqual(toHubOptions({ deploymentId: "d", environment: "mypurecloud.ie" }, BASE, "en"), {
      ...region,
      environment: "mypurecloud.ie",
    });
    assert.deepEqual(toHubOptions({ deploymentId: "d", endpoint: "/" }, BASE, "en"), {
      ...common,
      environment: undefined,
      endpoint: "https://shop.example",
    });
  });

  for (const [page, named] of [
    [{ deploymentId: "d" }, /environment/],
    [{ protocol: "web-messaging", environment: "prod" }, /deployment-id/],
    [{ protocol: "web-messaging", deploymentId: "d", endpoint: "ws://x" }, /endpoint/],
  ] as const) {
    test(`${JSON.stringify(page)}: the attribute that is missing or wrong is named`, () => {
      assert.throws(() => toHubOptions(page, BASE, "en"), { code: "CHAT_CONFIGURATION", message: named });
    });
  }

  test("a protocol that does not exist is named", () => {
    const page = { broker: "/b", protocol: "smoke-signals" };
    assert.throws(() => toHubOptions(page, BASE, "en"), { code: "CHAT_CONFIGURATION", message: /smoke-signals/ });
  });

  for (const broker of [
    "javascript:alert(1)",
    "https://",
    "https://me:secret@broker.example",
    "https://b.example/?a=1",
  ]) {
    test(`${broker} is no broker, and is not repeated in the error`, () => {
      assert.throws(
        () => toHubOptions({ broker }, BASE, "en"),
        (error: Error) => /broker/.test(error.message) && !error.message.includes("secret"),
      );
    });
  }

  test("attributes are a plain copy", () => {
    const own = JSON.parse('{"plan":"gold","__proto__":{"polluted":true}}');
    const copy = toAttributes(own);
    assert.equal(copy.plan, "gold");
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
    assert.notEqual(copy, own);
  });

  test("attributes that JSON cannot hold are refused", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const bad of [cycle, [1], "text", 1n]) assert.throws(() => toAttributes(bad), { code: "CHAT_CONFIGURATION" });
  });
});
