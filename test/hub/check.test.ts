/** What may come over a port: a join as it must be, and requests with somebody to answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkJoin, toAsked } from "../../src/hub/check.ts";
import { toSessionKey } from "../../src/hub/options.ts";
import { joinOf, OPTIONS } from "./support.ts";

test("a join as a tab sends it passes as it is", () => {
  const join = joinOf("tab", { ...OPTIONS, language: "de-AT", attributes: { plan: "gold" } });
  assert.equal(checkJoin(join), join);
  const { route: _, ...least } = OPTIONS;
  assert.doesNotThrow(() => checkJoin(joinOf("tab", least)));
});

for (const [field, values] of Object.entries({
  protocol: [undefined, "", "web-messaging-2", 7],
  broker: [undefined, "", "broker.test", "javascript:alert(1)", "ws://broker.test", {}],
  route: [7, null],
  language: [7, null],
  attributes: [undefined, null, [], "x"],
  storage: [undefined, "cloud"],
  embedder: [7, null],
})) {
  test(`a join with a wrong ${field} is refused by that name`, () => {
    for (const value of values) {
      assert.throws(() => checkJoin(joinOf("tab", { ...OPTIONS, [field]: value })), {
        code: "CHAT_CONFIGURATION",
        detail: field,
      });
    }
  });
}

test("a tab without a name is refused", () => {
  assert.throws(() => checkJoin({ ...joinOf("tab"), tab: undefined }), { code: "CHAT_CONFIGURATION", detail: "tab" });
});

test("another version of the port is told to reload, whatever else is wrong (S33)", () => {
  for (const join of [undefined, null, "x", {}, joinOf("tab", {}, 2), { ...joinOf("tab"), portVersion: "1" }]) {
    assert.throws(() => checkJoin(join), { code: "CHAT_RELOAD_NEEDED" });
  }
});

test("a request needs an id, for there is somebody to answer, and the time when it was asked", () => {
  const request = { id: "a", at: 1, command: { type: "open" } };
  assert.equal(toAsked(request), request);
  for (const wrong of [
    null,
    "a",
    [],
    { ...request, id: 1 },
    { ...request, at: Number.NaN },
    { ...request, epoch: {} },
  ]) {
    assert.equal(toAsked(wrong), null);
  }
});

test("pages that differ in route, language and attributes share a session; brokers, storage and sites around a frame do not", () => {
  const key = toSessionKey(OPTIONS);
  assert.equal(toSessionKey({ ...OPTIONS, route: "support", language: "fr", attributes: { a: 1 } }), key);
  assert.notEqual(toSessionKey({ ...OPTIONS, broker: "http://other.test" }), key);
  assert.notEqual(toSessionKey({ ...OPTIONS, storage: "memory" }), key);
  assert.notEqual(toSessionKey({ ...OPTIONS, embedder: "https://shop.example" }), key);
  // As it was written before there were frames: what is kept under it is found again.
  assert.equal(key, `guest-api ${OPTIONS.broker} ${OPTIONS.storage}`);
});

const DEPLOYMENT = { protocol: "web-messaging", deploymentId: "d-1", attributes: {}, storage: "local" } as const;

test("a join by a deployment passes; without one it is refused by name", () => {
  const join = joinOf("tab", { ...DEPLOYMENT, environment: "prod-euw1" });
  assert.equal(checkJoin(join), join);
  const { deploymentId: _, ...none } = DEPLOYMENT;
  assert.throws(() => checkJoin(joinOf("tab", none as never)), /deploymentId/);
});

test("deployments, regions and endpoints do not share a session", () => {
  const keys = [
    DEPLOYMENT,
    { ...DEPLOYMENT, deploymentId: "d-2" },
    { ...DEPLOYMENT, environment: "prod" },
    { ...DEPLOYMENT, endpoint: "https://gateway.test" },
  ].map(toSessionKey);
  assert.equal(new Set(keys).size, keys.length);
});
