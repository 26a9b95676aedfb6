/** What a deployment says of the chat's look: read from the platform's own file, and bounded whatever stands in it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Look, readLook, toLook } from "../../src/wire/web-messaging/look.ts";
import { readFixture } from "../support/fixtures.ts";

const file = () => readFixture("rest/deploymentConfig");

describe("a deployment's look", () => {
  test("is read from the platform's file", () => {
    assert.deepEqual(readLook(file()), {
      active: true,
      headless: false,
      launcher: "On",
      colour: "#0165A7",
      alignment: "Auto",
      side: 20,
      bottom: 12,
      languages: ["en-us", "de-de"],
      language: "en-us",
      labels: { "en-us": { MessengerHomeHeaderTitle: "Hello" } },
    });
  });

  test("is nothing but a chat where the file has the least", () => {
    const look = readLook(readFixture("rest/deploymentConfig.minimal"));
    assert.equal(look?.active, true);
    assert.equal(look?.headless, false);
  });

  test("is none where there is no deployment: a captive portal's answer, an error", () => {
    for (const other of [null, "<!doctype html>", [], {}, { status: "Active" }, { messenger: {} }, 7])
      assert.equal(readLook(other), null);
  });

  test("says that nobody would answer: inactive, the messenger or its conversations off", () => {
    assert.equal(readLook({ ...file(), status: "Inactive" })?.active, false);
    assert.equal(readLook({ ...file(), messenger: { enabled: false } })?.active, false);
    assert.equal(readLook({ ...file(), messenger: { apps: { conversations: { enabled: false } } } })?.active, false);
  });

  test("has a colour only as #rrggbb", () => {
    for (const colour of ["red", "#fff", "#0165A7;}*{display:none", "url(//x)", "var(--x)", 7, null, "#0165A7 "])
      assert.equal(toLook({ colour }).colour, undefined, String(colour));
  });

  test("stays in its corner", () => {
    for (const [given, kept] of [
      [20, 20],
      [-5, 0],
      [4000, 120],
      [12.6, 13],
      [Number.NaN, undefined],
      [Number.POSITIVE_INFINITY, undefined],
      ["20px", undefined],
    ] as const)
      assert.equal(toLook({ side: given, bottom: given }).side, kept, String(given));
  });

  test("has of the labels those that we show, in short", () => {
    const long = "x".repeat(1000);
    const { labels } = toLook({
      labels: {
        "De-de": {
          MessengerHomeHeaderTitle: `  ${long}`,
          MessengerHomeHeaderSubTitle: " ",
          PushNotificationTitle: "x",
        },
        "no language": { MessengerHomeHeaderTitle: "x" },
        fr: { MessengerLauncherButtonText: { toString: "x" } },
      },
    });
    assert.deepEqual(labels, { "de-de": { MessengerHomeHeaderTitle: long.slice(0, 200) }, fr: {} });
  });

  test("comes back as it was from where it was kept, and of anything else that lay there only what a look may be", () => {
    const look = readLook(file()) as Look;
    assert.deepEqual(toLook(JSON.parse(JSON.stringify(look))), look);
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (given) => {
        assert.deepEqual(toLook(given), toLook(toLook(given)));
      }),
    );
  });

  test("survives a file of which any part is another thing", () => {
    const paths: string[][] = [];
    const walk = (value: unknown, path: string[]): void => {
      paths.push(path);
      if (typeof value === "object" && value !== null)
        for (const [key, part] of Object.entries(value)) walk(part, [...path, key]);
    };
    walk(file(), []);
    fc.assert(
      fc.property(fc.constantFrom(...paths.slice(1)), fc.anything(), (path, other) => {
        const changed = file();
        const last = path.at(-1) as string;
        // biome-ignore lint/suspicious/noExplicitAny: into a file of any shape.
        path.slice(0, -1).reduce((part: any, key) => part[key], changed)[last] = other;
        const look = readLook(changed);
        if (look) assert.deepEqual(toLook(look), look);
      }),
      { numRuns: 500 },
    );
  });
});
