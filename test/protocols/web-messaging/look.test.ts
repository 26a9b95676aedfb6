/** A deployment's look, fetched without a session: from where, and what is said when it cannot be had. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchLook, type LookRequest } from "../../../src/protocols/web-messaging/look.ts";
import { readFixture } from "../../support/fixtures.ts";

const ID = "9d8b7c6a-1122-4c33-8d44-556677889900";
const PATH = `/webdeployments/v1/deployments/${ID}/config.json`;

/** What is asked for, and as what; `answer` is what comes. */
async function ask(request: Partial<LookRequest>, answer = () => Response.json(readFixture("rest/deploymentConfig"))) {
  const asked: [unknown, RequestInit | undefined][] = [];
  const look = await fetchLook(
    { deploymentId: ID, ...request },
    async (url, init) => {
      asked.push([url, init]);
      return answer();
    },
    AbortSignal.timeout(1000),
  );
  return { look, asked };
}

test("it comes from the region's CDN, by domain or by a snippet's name, without cookies", async () => {
  for (const environment of ["mypurecloud.ie", "prod-euw1"]) {
    const { asked, look } = await ask({ environment });
    assert.equal(asked.length, 1);
    assert.equal(asked[0]?.[0], `https://api-cdn.mypurecloud.ie${PATH}`);
    assert.equal(asked[0]?.[1]?.credentials, "omit");
    assert.equal(look.colour, "#0165A7");
  }
});

test("an endpoint takes the place of the region's hosts", async () => {
  const { asked } = await ask({ endpoint: "https://gateway.example/genesys" });
  assert.equal(asked[0]?.[0], `https://gateway.example/genesys${PATH}`);
});

test("an id is a part of the path, whatever is in it", async () => {
  const { asked } = await ask({ deploymentId: "../../x?y", endpoint: "https://gateway.example" });
  assert.match(String(asked[0]?.[0]), /deployments\/\.\.%2F\.\.%2Fx%3Fy\/config\.json$/);
});

test("it says for the site owner why there is none", async () => {
  await assert.rejects(ask({ environment: "mars" }), /environment="mars" is no region/);
  await assert.rejects(
    ask({ environment: "mypurecloud.de" }, () => new Response(null, { status: 404 })),
    /404 https:\/\/api-cdn/,
  );
  await assert.rejects(
    ask({ environment: "mypurecloud.de" }, () => Response.json({ portal: true })),
    /is no deployment's/,
  );
});
