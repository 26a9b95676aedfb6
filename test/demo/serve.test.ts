/** The demo site serves its pages under the strict policy, and the broker and the sandbox beside them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isDemoOrigin } from "../../demo/policy.ts";
import { type Demo, serve } from "../../demo/serve.ts";
import { demoDeployment } from "../../src/sandbox/web-messaging/demo-deployment.ts";

const site = fileURLToPath(new URL("../../../demo/site/", import.meta.url));
const files = readdirSync(site, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
const pages = files.filter((path) => path.endsWith(".html"));

describe("the demo site", () => {
  let demo: Demo;
  before(async () => {
    demo = await serve();
  });
  after(() => demo.close());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(demo.url + path, { headers });

  test("every page is there, under a policy without anything unsafe and with Trusted Types", async () => {
    assert.ok(pages.length >= 6);
    for (const page of pages) {
      const response = await get(`/${page}`);
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.equal(response.status, 200, page);
      assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /require-trusted-types-for 'script'/);
      assert.doesNotMatch(policy, /unsafe|[ /]\*[ ;]/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    }
  });

  test("no page has a style or a script written into it, and every address in it leads somewhere", async () => {
    for (const page of pages) {
      const text = readFileSync(site + page, "utf8");
      assert.doesNotMatch(text, /\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)/, page);
      for (const [, path] of text.matchAll(/(?:href|src)="(\/[^"]*)"/g)) {
        if (path?.startsWith("/dist/")) continue;
        assert.equal((await get(path as string)).status, 200, `${page}: ${path}`);
      }
    }
  });

  test("the four pages of the shop carry the one script tag", () => {
    const shop = pages.filter((page) => /^(guest-api\.html|shop\/)/.test(page));
    assert.equal(shop.length, 4);
    for (const page of shop) {
      const tags = readFileSync(site + page, "utf8").match(/<script[^>]*>/g);
      assert.deepEqual(tags, ['<script async src="/dist/loader.js" data-broker="/broker" data-route="sales">'], page);
    }
  });

  test("only the page of many frames may frame its own pages, and the one that embeds the chat's frame", async () => {
    const framed: Record<string, RegExp> = {
      "tabs.html": /frame-src 'self';/,
      "embed.html": /frame-src http:\/\/cdn\.localhost:\d+;/,
    };
    for (const page of pages) {
      const policy = (await get(`/${page}`)).headers.get("content-security-policy") ?? "";
      assert.match(policy, framed[page] ?? /frame-src 'none';/, page);
    }
  });

  test("the first page leads to the desk, the knobs and the rest, and the scripts of the tools are there", async () => {
    const index = readFileSync(`${site}index.html`, "utf8");
    for (const path of ["/agent/", "/faults.html", "/element.html", "/tabs.html", "/embed.html"]) {
      assert.ok(index.includes(`href="${path}"`), path);
    }
    const scripts = files.filter((path) => path.endsWith(".js"));
    for (const script of scripts) {
      const text = readFileSync(site + script, "utf8");
      assert.match(text, /^\/\*\* /, script);
      assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/, script);
      for (const [, path] of text.matchAll(/from "(\/[^"]+)"/g)) {
        assert.equal((await get(path as string)).status, 200, `${script}: ${path}`);
      }
    }
  });

  test("every ready-made rule of the knobs is one that the sandbox takes", async () => {
    const ready = JSON.parse(readFileSync(`${site}faults/ready.json`, "utf8")) as { rule: { name: string } }[];
    assert.equal(new Set(ready.map(({ rule }) => rule.name)).size, ready.length);
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(ready.map(({ rule }) => rule));
    assert.equal((await fetch(`${demo.url}/sandbox/faults`, { method: "POST", headers, body })).status, 201);
    await fetch(`${demo.url}/sandbox/faults`, { method: "DELETE" });
  });

  test("an address that is not there shows the shop's own page", async () => {
    const response = await get("/shop/socks.html");
    assert.equal(response.status, 404);
    assert.match(await response.text(), /This path ends here/);
  });

  test("nothing outside of the site can be read", async () => {
    for (const path of ["/serve.ts", "/package.json", "/dist/..%2fpackage.json", "/..%2f..%2fpackage.json"]) {
      assert.equal((await get(path)).status, 404, path);
    }
  });

  test("a file that has not changed is not sent again", async () => {
    const etag = (await get("/shop.css")).headers.get("etag") ?? "";
    assert.equal((await get("/shop.css", { "if-none-match": etag })).status, 304);
  });

  test("the worker has a policy of its own, which lets it reach the broker and the socket", async () => {
    const policy = (await get("/dist/worker.js")).headers.get("content-security-policy") ?? "";
    assert.match(policy, /connect-src 'self' ws:\/\/127\.0\.0\.1:\d+/);
    assert.doesNotMatch(policy, /worker-src/);
  });

  test("the hub frame has a policy of its own, which says who may frame it", async () => {
    const response = await get("/dist/hub.html");
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(policy, /frame-ancestors http:\/\/localhost:\* http:\/\/127\.0\.0\.1:\* http:\/\/\*\.localhost:\*;/);
    assert.match(policy, /default-src 'none'; script-src 'self'; worker-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(await response.text(), /<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
  });

  test("the page that embeds names this port wherever it names an origin", async () => {
    const { port } = new URL(demo.url);
    const names = [...(await (await get("/embed.html")).text()).matchAll(/\/\/(\w+\.localhost)([^/"]*)/g)];
    assert.deepEqual([...new Set(names.map(([, name]) => name))].sort(), [
      "cdn.localhost",
      "other.localhost",
      "shop.localhost",
    ]);
    for (const [all, , end] of names) assert.equal(end, `:${port}`, all);
  });

  test("the broker behind it gets a session from the sandbox behind it", async () => {
    const response = await fetch(`${demo.url}/broker/v1/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: demo.url },
      body: JSON.stringify({ route: "sales" }),
    });
    assert.equal(response.status, 201);
    const { socketUrl } = (await response.json()) as { socketUrl: string };
    assert.ok(socketUrl.startsWith(`${demo.url.replace("http", "ws")}/api/v2/guests/`));
  });

  test("what breaks the policy is kept for the tests to read", async () => {
    const body = JSON.stringify({ "csp-report": { "violated-directive": "script-src" } });
    await fetch(`${demo.url}/csp-report`, { method: "POST", body });
    assert.deepEqual(demo.reports(), [JSON.parse(body)]);
  });

  test("a port in use is told by its code", async () => {
    await assert.rejects(serve({ port: Number(new URL(demo.url).port) }), { code: "EADDRINUSE" });
  });
});

test("pages of this machine may use the demo's broker, others not", () => {
  for (const origin of ["http://localhost:1", "http://127.0.0.1:8080", "http://shop.localhost:8080"]) {
    assert.ok(isDemoOrigin(origin), origin);
  }
  for (const origin of ["null", "", "http://localhost.evil.example", "http://evil-localhost", "https://shop.example"]) {
    assert.ok(!isDemoOrigin(origin), origin);
  }
});

describe("the demo site with an identity provider", () => {
  let demo: Demo;
  before(async () => {
    demo = await serve({ signIn: true });
  });
  after(() => demo.close());

  test("has it on another site of the same port, and its deployment lets guests sign in", async () => {
    const { issuer, authorizationEndpoint } = demo.identityProvider ?? assert.fail("there is none");
    assert.equal(issuer, `http://localhost:${new URL(demo.url).port}/idp`);
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
    const found = (await answer.json()) as Record<string, unknown>;
    assert.equal(found.issuer, issuer);
    assert.equal(found.authorization_endpoint, authorizationEndpoint);
    const path = `/webdeployments/v1/deployments/${demoDeployment.id}/config.json`;
    const { auth } = (await (await fetch(demo.url + path)).json()) as { auth: object };
    assert.deepEqual(auth, { enabled: true, allowSessionUpgrade: true });
  });

  test("its form runs no script, and is no page to be framed", async () => {
    const { authorizationEndpoint, clientId } = demo.identityProvider ?? assert.fail("there is none");
    const asked = new URLSearchParams({
      client_id: clientId,
      redirect_uri: `${demo.url}/dist/callback.html`,
      response_type: "code",
      scope: "openid",
      code_challenge: "x".repeat(43),
      code_challenge_method: "S256",
    });
    const sent = await fetch(`${authorizationEndpoint}?${asked}`, { redirect: "manual" });
    const cookie = sent.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const form = await fetch(new URL(sent.headers.get("location") ?? "", authorizationEndpoint), {
      headers: { cookie },
    });
    assert.equal(form.status, 200);
    assert.equal(
      form.headers.get("content-security-policy"),
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    assert.match(await form.text(), /<h1>Sign in<\/h1>/);
    asked.set("redirect_uri", "https://evil.example/");
    assert.match(await (await fetch(`${authorizationEndpoint}?${asked}`)).text(), /invalid_redirect_uri/);
  });
});
