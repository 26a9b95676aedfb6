/** Asserts a part of a value and leaves the rest of it free. */
import assert from "node:assert/strict";

/** Every key of `part`, and of objects in it, is in `whole` with the same value. */
export function assertContains(whole: unknown, part: unknown, path = "value"): void {
  if (typeof part !== "object" || part === null) {
    assert.deepEqual(whole, part, path);
    return;
  }
  assert.ok(typeof whole === "object" && whole !== null, `${path} is no object`);
  for (const [key, value] of Object.entries(part)) {
    assertContains((whole as Record<string, unknown>)[key], value, `${path}.${key}`);
  }
}
