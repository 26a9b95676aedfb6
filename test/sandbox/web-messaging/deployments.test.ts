/** Deployments of the sandbox: what the CDN tells of them, which pages they serve, and what is wrong with one that is wrong. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSandbox } from "../../../src/sandbox/sandbox.ts";
import { demoDeployment } from "../../../src/sandbox/web-messaging/demo-deployment.ts";
import {
  type DeploymentOptions,
  readDeployment,
  toMediaLimits,
} from "../../../src/sandbox/web-messaging/deployment.ts";
import { isOriginAllowed } from "../../../src/sandbox/web-messaging/origins.ts";
import { readFixture } from "../../support/fixtures.ts";
import { BASE, createRestBench, DEPLOYMENT, PAGE } from "./support.ts";

const CONFIG = `/webdeployments/v1/deployments/${DEPLOYMENT}/config.json`;
const DOMAINS = `/webdeployments/v1/deployments/${DEPLOYMENT}/domains.json`;

const IMAGES = ["image/png", "image/jpeg", "image/gif"];

/** What the fixture's deployment is, in our words. */
const LIKE_FIXTURE: Partial<DeploymentOptions> = {
  version: "3",
  languages: ["en-us", "de-de"],
  labels: { "en-us": { MessengerHomeHeaderTitle: "Hello" } },
  fileUpload: { modes: [{ fileTypes: IMAGES, maxFileSizeKB: 10_240 }] },
};

describe("a deployment's config.json", () => {
  test("is the platform's own, field for field, but for the addresses, which are the sandbox's", async () => {
    const response = await createRestBench(LIKE_FIXTURE).call("GET", CONFIG, undefined, { origin: PAGE });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    const expected = readFixture("rest/deploymentConfig");
    expected.apiEndpoint = BASE;
    expected.messenger.apps.conversations.messagingEndpoint = "ws://sandbox.test";
    assert.deepEqual(await response.json(), expected);
  });

  test("has every field of the smallest one that the mobile SDK takes", async () => {
    const given = (await (await createRestBench().call("GET", CONFIG)).json()) as object;
    const check = (wanted: object, had: unknown, path: string) => {
      for (const [name, value] of Object.entries(wanted)) {
        const there = (had as Record<string, unknown>)?.[name];
        assert.equal(typeof there, typeof value, `${path}.${name}`);
        if (typeof value === "object" && !Array.isArray(value)) check(value, there, `${path}.${name}`);
      }
    };
    check(readFixture("rest/deploymentConfig.minimal"), given, "config");
  });

  test("of an old deployment says nothing of whether attachments are on, and the session nothing of limits", async () => {
    const { call, deployment } = createRestBench({ fileUpload: { enableAttachments: null } });
    const { messenger } = (await (await call("GET", CONFIG)).json()) as { messenger: { fileUpload: object } };
    assert.deepEqual(Object.keys(messenger.fileUpload), ["modes"]);
    assert.deepEqual(toMediaLimits(deployment), {});
  });

  test("is told also of a deployment that nobody may connect to, with its status", async () => {
    const config = (await (await createRestBench({ status: "Inactive" }).call("GET", CONFIG)).json()) as object;
    assert.equal((config as { status: string }).status, "Inactive");
  });

  test("of a deployment that is not there is refused in the platform's body", async () => {
    const response = await createRestBench().call("GET", "/webdeployments/v1/deployments/else/config.json");
    assert.equal(response.status, 404);
    const { contextId, ...error } = (await response.json()) as { contextId: string };
    const { contextId: _, ...shape } = readFixture("rest/error.response");
    assert.deepEqual(Object.keys(error).sort(), Object.keys(shape).sort());
    assert.match(contextId, /^[\w-]{36}$/);
  });
});

describe("a deployment's domains.json", () => {
  test("lists the sites that may use it", async () => {
    const { call } = createRestBench({ allowedDomains: ["shop.example", "localhost"] });
    const response = await call("GET", DOMAINS);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.deepEqual(await response.json(), readFixture("rest/deploymentDomains"));
  });

  test("says so when every site may", async () => {
    const response = await createRestBench().call("GET", DOMAINS);
    assert.deepEqual(await response.json(), { allowAllDomains: true, allowedDomains: [] });
  });
});

describe("a page", () => {
  const cases: [allowed: string[] | undefined, origin: string | undefined, is: boolean][] = [
    [undefined, "https://anybody.example", true],
    [[], "https://shop.example", false],
    [["shop.example"], "https://shop.example", true],
    [["shop.example"], "http://SHOP.example:8080", true],
    [["Shop.Example"], "https://www.shop.example", true],
    [["shop.example"], "https://workshop.example", false],
    [["shop.example"], "https://shop.example.evil.test", false],
    [["shop.example"], "null", false],
    [["shop.example"], undefined, true],
    [["shop.example"], "sandbox.test", true],
    [["shop.example"], "http://sandbox.test", false],
  ];
  for (const [allowedDomains, origin, is] of cases) {
    test(`${origin ?? "that names no origin"} ${is ? "may" : "may not"} use a deployment of ${allowedDomains ?? "all sites"}`, () => {
      assert.equal(isOriginAllowed({ allowedDomains }, origin, "sandbox.test"), is);
    });
  }

  const REFRESH = "/api/v2/webdeployments/token/refresh";

  test("of a site that is not listed is refused by the API, and gets no header that would let it read why", async () => {
    const { call } = createRestBench({ allowedDomains: ["else.example"] });
    for (const method of ["OPTIONS", "POST"]) {
      const response = await call(method, REFRESH, method === "POST" ? { refreshToken: "r" } : undefined, {
        origin: PAGE,
      });
      assert.equal(response.status, 403);
      assert.equal(response.headers.get("access-control-allow-origin"), null);
    }
  });

  test("of a site that is listed passes the preflight, and reads also what is refused", async () => {
    const { call } = createRestBench({ allowedDomains: ["shop.example"] });
    const preflight = await call("OPTIONS", REFRESH, undefined, { origin: PAGE });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get("access-control-allow-methods") ?? "", /\bPOST\b.*\bDELETE\b/);
    assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /\bAuthorization\b/);
    const refused = await call("POST", REFRESH, { refreshToken: "r" }, { origin: PAGE });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get("access-control-allow-origin"), PAGE);
    assert.equal(refused.headers.get("vary"), "Origin");
  });
});

describe("a deployment that is given", () => {
  test("needs an id and nothing else, and each limit can be set by itself", () => {
    const { limits, switches } = readDeployment({ id: "d", limits: { messagesPerSecond: 2 } });
    assert.deepEqual([limits.messagesPerSecond, limits.requestsPerMinute, limits.textBytes], [2, 60, 4096]);
    assert.equal(switches.expirationUnit, "s");
  });

  const wrong: [what: string, given: unknown, said: RegExp][] = [
    ["is no object", null, /^deployment: /],
    ["has no id", {}, /^deployment\.id: /],
    ["has a limit of none", { id: "d", limits: { textBytes: 0 } }, /^deployment\.limits\.textBytes: .*>=1/],
    ["has a field that is mistyped", { id: "d", colour: "#000000" }, /^deployment\.colour: /],
    ["has a colour that is none", { id: "d", primaryColor: "red" }, /^deployment\.primaryColor: Expected #rrggbb/],
    ["lets guests sign in nowhere", { id: "d", auth: { enabled: true } }, /needs auth\.provider/],
  ];
  for (const [what, given, said] of wrong) {
    test(`and ${what} is refused by name`, () => {
      assert.throws(() => readDeployment(given), { name: "TypeError", message: said });
    });
  }

  test("twice is refused", () => {
    assert.throws(() => createSandbox({ deployments: [{ id: "d" }, { id: "d" }] }), /an id of its own/);
  });
});

test("a sandbox that is told of none has the demo's deployment, and says so", async () => {
  const sandbox = createSandbox({ bot: false });
  const ask = async (path: string) => (await sandbox.fetch(new Request(BASE + path))).json();
  const { deployments } = (await ask("/sandbox/state")) as { deployments: { id: string }[] };
  assert.deepEqual(deployments, [{ id: demoDeployment.id }]);
  const config = (await ask(`/webdeployments/v1/deployments/${demoDeployment.id}/config.json`)) as {
    apiEndpoint: string;
  };
  assert.equal(config.apiEndpoint, BASE);
});
