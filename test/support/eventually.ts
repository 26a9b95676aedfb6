/** Waits for a condition of a world that no test owns the clock of. */
import assert from "node:assert/strict";

/** Polls until `check` neither throws nor gives false; fails with what it threw last. */
export async function eventually<T>(check: () => T | Promise<T>, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      const result = await check();
      assert.notEqual(result, false);
      return result;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
