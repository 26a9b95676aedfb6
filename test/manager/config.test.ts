/** What a manager is configured with: a wrong field is named before anything is fetched, and a secret is no page's. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ChatError } from "../../src/chat/error.ts";
import { toGenesysUrl, toHubOptions } from "../../src/manager/config.ts";
import { GuestSessionManager as PageManager } from "../../src/manager/manager.ts";
import { type BrokerConfig, GuestSessionManager, type NodeCredentialsConfig } from "../../src/manager/node.ts";

const CREDENTIALS: NodeCredentialsConfig = {
  org: "acme",
  clientId: "client",
  clientSecret: "canary-secret",
  routingQueueId: "q",
  routingSkillId: "s",
  routingLanguage: "en-US",
};
const BROKER: BrokerConfig = { broker: "https://broker.example/" };

/** What is said of a wrong configuration; never what was given. */
const faultOf = (config: unknown): string => {
  try {
    new GuestSessionManager(config as BrokerConfig);
  } catch (error) {
    assert.ok(error instanceof ChatError);
    assert.equal(error.code, "CHAT_CONFIGURATION");
    assert.doesNotMatch(error.message, /canary/);
    return error.detail ?? "";
  }
  return "nothing is wrong";
};

describe("a wrong configuration names the field", () => {
  for (const field of ["org", "clientId", "clientSecret", "routingQueueId", "routingSkillId", "routingLanguage"]) {
    test(`${field} that is missing, empty or no text`, () => {
      for (const value of [undefined, " ", 7, null]) {
        assert.match(faultOf({ ...CREDENTIALS, [field]: value }), new RegExp(`^${field}: `), String(value));
      }
    });
  }

  for (const [field, values] of [
    ["org", ["evil.example/x", "acme.", "a b"]],
    ["baseUrl", ["acme.mypurecloud.com", "ftp://acme.example", "https://canary@acme.example"]],
    ["name", ["", 7]],
    ["locale", ["en_US", "", 7]],
    ["userAgent", ["", 7]],
    ["attributes", ["text", [1], 7]],
  ] as const) {
    test(`${field} that cannot be used`, () => {
      for (const value of values) {
        assert.match(faultOf({ ...CREDENTIALS, [field]: value }), new RegExp(`^${field}: `), String(value));
      }
    });
  }

  test("a broker that is no address, and a route that is no text", () => {
    for (const broker of ["", "/broker", "ws://broker.example", 7]) assert.match(faultOf({ broker }), /^broker: /);
    assert.match(faultOf({ ...BROKER, route: 7 }), /^route: /);
  });

  test("two ways to a session, or none", () => {
    assert.match(faultOf({ ...CREDENTIALS, ...BROKER }), /^broker: not together with clientSecret/);
    for (const config of [undefined, null, "https://broker.example"]) assert.match(faultOf(config), /an object/);
    assert.match(faultOf({}), /^routingQueueId: /);
  });
});

describe("a secret in a browser", () => {
  test("is refused by the page's manager, whatever else is there", () => {
    for (const config of [CREDENTIALS, { ...BROKER, clientSecret: "canary-secret" }, { ...BROKER, clientSecret: "" }]) {
      assert.throws(
        () => new PageManager(config as unknown as BrokerConfig),
        (error: ChatError) => {
          assert.equal(error.code, "CHAT_SECRET_IN_BROWSER");
          assert.doesNotMatch(error.message, /canary/);
          return true;
        },
      );
    }
  });

  test("is explained to the site owner", async () => {
    assert.match(await new ChatError("CHAT_SECRET_IN_BROWSER").explain(), /make a new one.*`broker`/);
  });
});

describe("what a configuration becomes", () => {
  test("Genesys is where the organisation is, or where baseUrl says", () => {
    assert.equal(toGenesysUrl(CREDENTIALS), "https://acme.mypurecloud.com");
    assert.equal(toGenesysUrl({ ...CREDENTIALS, baseUrl: "https://gateway.example/" }), "https://gateway.example");
  });

  test("a broker is the key of the element's session, too: absolute, without a slash at the end", () => {
    const page = "https://shop.example/lamps/";
    assert.equal(toHubOptions({ broker: "/broker/" }, page).broker, "https://shop.example/broker");
    assert.equal(
      toHubOptions({ broker: "chat", baseUrl: "https://a.example/b/" }, page).broker,
      "https://a.example/b/chat",
    );
    const whole = { ...BROKER, route: "sales", name: "Ada", locale: "de-CH", attributes: { cart: 3 } };
    assert.deepEqual(toHubOptions(whole), {
      protocol: "guest-api",
      broker: "https://broker.example",
      route: "sales",
      name: "Ada",
      language: "de-CH",
      attributes: { cart: 3 },
      storage: "local",
    });
  });
});
