/** The sandbox's options: wrong ones fail loudly. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSandbox } from "../../src/sandbox/sandbox.ts";

test("a wrong option is named, with what was expected and what came", () => {
  assert.throws(() => createSandbox({ guestTokenSeconds: 0 }), /guestTokenSeconds must be above 0, got 0/);
  assert.throws(() => createSandbox({ botDelayMs: Number.NaN }), /botDelayMs must be 0 or more, got NaN/);
});
