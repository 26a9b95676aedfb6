/** Where a deployment is reached: by its region's domain, by what Genesys' snippet calls it, or at one endpoint. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toDomain, toHosts } from "../../src/wire/web-messaging/regions.ts";

for (const [name, domain] of [
  ["prod", "mypurecloud.com"],
  ["prod-euw1", "mypurecloud.ie"],
  ["prod-euc1", "mypurecloud.de"],
  ["prod-apse2", "mypurecloud.com.au"],
  ["fedramp-use2-core", "use2.us-gov-pure.cloud"],
  [" Prod-USW2 ", "usw2.pure.cloud"],
  ["sae1.pure.cloud", "sae1.pure.cloud"],
  ["MyPureCloud.jp", "mypurecloud.jp"],
] as const)
  test(`"${name}" is ${domain}`, () => {
    assert.equal(toDomain(name), domain);
  });

test("what is no region of Genesys' is none: a guest is led nowhere by a slip of the pen", () => {
  for (const name of ["", "prod-mars", "mypurecloud.com.evil.example", "evil.example", "constructor", "__proto__"])
    assert.equal(toDomain(name), null, name);
});

test("a region has a host for each purpose, an endpoint is all of them", () => {
  assert.deepEqual(toHosts("mypurecloud.ie"), {
    socket: "wss://webmessaging.mypurecloud.ie",
    api: "https://api.mypurecloud.ie",
    cdn: "https://api-cdn.mypurecloud.ie",
  });
  for (const scheme of ["http", "https"])
    assert.deepEqual(toHosts("", `${scheme}://gateway.example`), {
      socket: `${scheme.replace("http", "ws")}://gateway.example`,
      api: `${scheme}://gateway.example`,
      cdn: `${scheme}://gateway.example`,
    });
});
