/** Tickets: refreshing a session with one, rotating and revoking it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeJwt, SignJWT } from "jose";
import type { SessionAnswer } from "../../src/wire/broker-api.ts";
import { assertProblem, createBench, OTHER, ROUTES, TICKET_SECRET } from "./support.ts";

const DAY_MS = 86_400_000;
const read = async (answer: Response): Promise<SessionAnswer> => {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as SessionAnswer;
};

describe("refreshing", () => {
  test("the next guest has the same name, routing and attributes, and says whom it continues", async () => {
    const bench = createBench();
    const attributes = { cart: 3 };
    const first = await bench.start({ route: "service", name: "Ada", language: "fr-FR", attributes });
    const next = await read(await bench.refresh(first.ticket, { attributes }));
    const [before, after] = bench.genesys.guestCalls.map(({ body }) => body);
    assert.deepEqual(after, { ...before, attributes: { ...before?.attributes, continued_from: first.guestId } });
    assert.notEqual(next.guestId, first.guestId);
    assert.notEqual(next.ticket, first.ticket);
  });

  test("the attributes of a refresh obey the same rules", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    const reserved = await bench.refresh(ticket, { attributes: { continued_from: "guest-9" } });
    await assertProblem(reserved, "reserved_attribute", 400);
    const large = await bench.refresh(ticket, { attributes: { x: "x".repeat(10_240) } });
    await assertProblem(large, "attributes_too_large", 400);
    await read(await bench.refresh(ticket));
  });

  test("a ticket is good after the guest token has expired, and for seven days", async () => {
    const bench = createBench();
    const first = await bench.start();
    bench.clock.pass(7 * DAY_MS - 2_000);
    const next = await read(await bench.refresh(first.ticket));
    bench.clock.pass(7 * DAY_MS + 2_000);
    await assertProblem(await bench.refresh(next.ticket), "ticket_invalid", 401);
  });

  test("a rotated ticket still gives the same answer for 60 s, then it is revoked", async () => {
    const bench = createBench();
    const first = await bench.start();
    const next = await read(await bench.refresh(first.ticket));
    bench.clock.pass(59_000);
    const again = await read(await bench.refresh(first.ticket));
    assert.deepEqual(again, { ...next, now: bench.clock.now() });
    assert.equal(bench.genesys.guestCalls.length, 2);
    bench.clock.pass(1_000);
    await assertProblem(await bench.refresh(first.ticket), "ticket_revoked", 401);
    await read(await bench.refresh(next.ticket));
  });

  test("refreshes with one ticket at the same time make one guest", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    const answers = await Promise.all([1, 2, 3].map(async () => read(await bench.refresh(ticket))));
    assert.equal(new Set(answers.map((answer) => answer.ticket)).size, 1);
    assert.equal(bench.genesys.guestCalls.length, 2);
  });

  test("a refresh that failed at Genesys leaves the ticket good", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    bench.genesys.nextGuest.push(() => new Response("{}", { status: 404 }));
    await assertProblem(await bench.refresh(ticket), "upstream_refused", 502);
    await read(await bench.refresh(ticket));
  });
});

describe("ending", () => {
  test("an ended session's ticket is revoked, and ending twice is no error", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    assert.equal((await bench.end(ticket)).status, 204);
    assert.equal((await bench.end(ticket)).status, 204);
    await assertProblem(await bench.refresh(ticket), "ticket_revoked", 401);
  });

  test("ending with a ticket that was rotated a moment ago takes the kept answer away", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    await read(await bench.refresh(ticket));
    assert.equal((await bench.end(ticket)).status, 204);
    await assertProblem(await bench.refresh(ticket), "ticket_revoked", 401);
  });

  test("a session ended while its refresh is under way does not come back", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    bench.genesys.nextGuest.push(async () => {
      await bench.end(ticket);
      return bench.genesys.guest();
    });
    await assertProblem(await bench.refresh(ticket), "ticket_revoked", 401);
  });
});

describe("tickets that are refused", () => {
  test("none, or something else than a bearer", async () => {
    const bench = createBench();
    const answer = await bench.ask("/v1/sessions/refresh");
    assert.equal(answer.headers.get("WWW-Authenticate"), "Bearer");
    await assertProblem(answer, "ticket_missing", 401);
    const headers = { Authorization: "Basic eDp5" };
    await assertProblem(await bench.ask("/v1/sessions", { method: "DELETE", headers }), "ticket_invalid", 401);
  });

  test("another origin's", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    await assertProblem(await bench.refresh(ticket, {}, OTHER), "ticket_invalid", 401);
    await read(await bench.refresh(ticket));
  });

  test("a changed, foreign, unsigned, untyped or oversized one", async () => {
    const bench = createBench();
    const { ticket } = await bench.start();
    const [head, payload, signature] = ticket.split(".");
    const claims = decodeJwt(ticket);
    const sign = (secret: string, typ?: string) =>
      new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ }).sign(new TextEncoder().encode(secret));
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "guest-ticket+jwt" })).toString("base64url");
    const bad = [
      `${head}.${payload?.slice(0, -4)}AAAA.${signature}`,
      await sign("another-secret-0123456789-0123456789", "guest-ticket+jwt"),
      await sign(TICKET_SECRET),
      `${none}.${payload}.`,
      `${ticket}${"A".repeat(8_192)}`,
      "nonsense",
    ];
    for (const token of bad) await assertProblem(await bench.refresh(token), "ticket_invalid", 401);
    assert.equal(bench.genesys.guestCalls.length, 1);
  });

  test("one whose route is no longer configured", async () => {
    const before = createBench();
    const { ticket } = await before.start({ route: "service" });
    const after = createBench({ routes: { sales: ROUTES.sales } });
    await assertProblem(await after.refresh(ticket), "ticket_invalid", 401);
  });
});

test("a ticket signed with an older secret is good while that secret is listed", async () => {
  const { ticket } = await createBench().start();
  const rotated = createBench({ ticketSecrets: ["a-newer-secret-0123456789-0123456789", TICKET_SECRET] });
  const next = await read(await rotated.refresh(ticket));
  const without = createBench({ ticketSecrets: ["a-newer-secret-0123456789-0123456789"] });
  await assertProblem(await without.refresh(ticket), "ticket_invalid", 401);
  await read(await without.refresh(next.ticket));
});

test("a ticket of the longest name, with attributes of long names, stays below 8 KB and holds nothing secret", async () => {
  const { ticket } = await createBench().start({
    name: "界".repeat(256),
    attributes: Object.fromEntries(["a", "b", "c"].map((end) => [`${"界".repeat(200)}${end}`, 1])),
  });
  assert(ticket.length < 8_192);
  const keys = ["attributes", "exp", "first", "iat", "jti", "language", "name", "origin", "route", "sid", "sub"];
  assert.deepEqual(Object.keys(decodeJwt(ticket)).sort(), keys);
});
