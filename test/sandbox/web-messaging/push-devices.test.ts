/** The push calls of mobile clients are answered as the platform answers them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFixture } from "../../support/fixtures.ts";
import { createRestBench, DEPLOYMENT, type PlatformError } from "./support.ts";

const REGISTER = readFixture("rest/pushDevice.register.request");
const UPDATE = readFixture("rest/pushDevice.update.request");
const PATH = `/api/v2/webmessaging/deployments/${DEPLOYMENT}/pushdevices/${REGISTER.deviceToken.toLowerCase()}`;

test("a device is registered, changed and taken away again", async () => {
  const { call } = createRestBench();
  assert.equal((await call("POST", PATH, REGISTER)).status, 204);
  assert.equal((await call("PATCH", PATH, UPDATE)).status, 204);
  assert.equal((await call("DELETE", PATH)).status, 204);
  const gone = (await (await call("DELETE", PATH)).json()) as PlatformError;
  const { contextId: _, ...expected } = readFixture("rest/error.response");
  assert.deepEqual({ ...gone, contextId: undefined }, { ...expected, contextId: undefined });
});

test("what is wrong with a call is named by the platform's code", async () => {
  const { call } = createRestBench();
  const code = async (method: string, body: unknown, path = PATH) =>
    ((await (await call(method, path, body)).json()) as PlatformError).code;
  assert.equal(await code("POST", UPDATE), "required.fields.missing");
  assert.equal(await code("PATCH", UPDATE), "device.not.found");
  assert.equal(await code("POST", REGISTER, PATH.replace(DEPLOYMENT, "else")), "deployment.not.found");
  await call("POST", PATH, REGISTER);
  assert.equal(await code("POST", REGISTER), "device.already.registered");
  assert.equal(await code("PATCH", {}), "update.fields.missing");
});
