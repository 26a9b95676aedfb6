/** What the errands of every Protocol must do, whatever its dialect: profile, activity, the session's end. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Identity, Profile } from "../../src/chat/profile.ts";
import { ConnectionFailure, type Credentials, type Protocol, type ReportEntry } from "../../src/session/protocol.ts";
import type { FakePlatform } from "../support/fake-platform.ts";

type Answer = () => Response | Promise<Response>;

/** The other end, played by the dialect's test file; made anew for each test. */
export interface ErrandsScript {
  platform: FakePlatform;
  createProtocol(): Protocol;
  credentials: Credentials;
  identity: Identity;
  /** The profile is written, and other credentials take the place of those that asked. */
  written(profile: Profile): Answer;
  /** A report is taken. */
  taken: Answer;
  /** Each means that the credentials let nobody in. */
  revoked: Answer[];
}

const PROFILE: Profile = {
  providerId: "https://login.example",
  email: "person@mail.example",
  syncedAt: "2026-11-22T12:00:00.000Z",
};
const ENTRY: ReportEntry = { seq: 1, timestamp: "2026-11-22T12:00:00.000Z", event: "ws_connected", details: {} };
const REPORT = { durationMs: 90_000, entries: [ENTRY] };

const lost: Answer = () => Promise.reject(new TypeError("Failed to fetch"));
const status =
  (code: number): Answer =>
  () =>
    Response.json({}, { status: code });
const portal: Answer = () => new Response("<h1>Accept our terms</h1>", { headers: { "Content-Type": "text/html" } });

export async function failureOf(attempt: Promise<unknown>): Promise<ConnectionFailure> {
  const thrown = await attempt.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof ConnectionFailure, String(thrown));
  return thrown;
}

export function describeErrands(name: string, setup: () => ErrandsScript): void {
  async function start(answer: Answer) {
    const script = setup();
    script.platform.answer = answer;
    const errands = await script.createProtocol().openErrands(script.platform);
    assert.equal(script.platform.requests.length, 0, "opening asks nobody");
    const { credentials, identity } = script;
    return {
      ...script,
      identify: () => errands.identify(identity, credentials),
      report: (report = REPORT) => errands.report(report, credentials),
      revoke: () => errands.revoke(credentials),
    };
  }

  describe(`${name}: errands`, () => {
    for (const profile of [PROFILE, { providerId: PROFILE.providerId, syncedAt: PROFILE.syncedAt }]) {
      test(`a profile ${"email" in profile ? "with" : "without"} an e-mail comes back as it was written, and with nothing else`, async () => {
        const { identify, credentials } = await start(setup().written(profile));
        const answer = await identify();
        assert.deepEqual(answer.profile, profile);
        assert.notDeepEqual(answer.credentials.secrets, credentials.secrets);
        assert.deepEqual({ ...answer.credentials, secrets: 0 }, { ...credentials, secrets: 0 });
      });
    }

    for (const [what, answer] of [
      ["a network that fails", lost],
      ["a captive portal", portal],
    ] as const) {
      test(`${what} is told without a status, so that it is tried again later`, async () => {
        const errands = await start(answer);
        for (const attempt of [errands.identify, errands.report, errands.revoke]) {
          assert.deepEqual((await failureOf(attempt())).circumstances, {});
        }
      });
    }

    test("a report that was taken need not be sent again", async () => {
      const { report, platform } = await start(setup().taken);
      await report();
      assert.equal(platform.requests.length, 1);
    });

    for (const code of [400, 401, 403, 404, 409, 413, 422]) {
      test(`a report that is answered with ${code} is let go: it would be refused again`, async () => {
        const { report } = await start(status(code));
        await report();
      });
    }

    for (const code of [200, 408, 429, 500, 502, 503]) {
      test(`a report that is answered with ${code} is kept for another time`, async () => {
        const { report } = await start(status(code));
        await failureOf(report());
      });
    }

    test("nothing to report is nobody's business", async () => {
      const { report, platform } = await start(lost);
      await report({ durationMs: 1, entries: [] });
      assert.equal(platform.requests.length, 0);
    });

    for (const [index, answer] of setup().revoked.entries()) {
      test(`credentials are gone when the answer is what the dialect means by it (${index + 1})`, async () => {
        const { revoke } = await start(answer);
        await revoke();
      });
    }

    for (const code of [200, 403, 408, 429, 500, 503]) {
      test(`credentials may still be good when the answer is ${code}, and that is told`, async () => {
        const { revoke } = await start(status(code));
        await failureOf(revoke());
      });
    }
  });
}
