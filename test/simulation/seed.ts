/** One seed: its script is drawn and played; one that breaks a guarantee is made as small as it goes, and printed. */
import fc from "fast-check";
import type { DialectName } from "./dialect.ts";
import { describeScript, type Script, scriptsOf } from "./script.ts";
import { playScript } from "./story.ts";

/** For the search of a smaller script. */
const SHRINK_MS = 20_000;

/** What no story may bring about: G11. */
const thrown: unknown[] = [];
process.on("unhandledRejection", (error) => thrown.push(error));
process.on("uncaughtException", (error) => thrown.push(error));
for (const level of ["error", "warn"] as const) {
  console[level] = (...words) => thrown.push(new Error(`console.${level}: ${words.join(" ")}`));
}

async function play(script: Script): Promise<void> {
  await playScript(script);
  const [first] = thrown.splice(0);
  if (first !== undefined) throw new Error("G11: it has thrown into the page", { cause: first });
}

/** Every other seed speaks web messaging. */
const toDialect = (seed: number): DialectName => (seed % 2 === 0 ? "web-messaging" : "guest-api");

/** Null, or what was broken, with the smallest script that breaks it. */
export async function findFault(seed: number, shrink = true): Promise<string | null> {
  const property = fc.asyncProperty(scriptsOf(toDialect(seed)), play);
  const limits = shrink ? { interruptAfterTimeLimit: SHRINK_MS } : { endOnFailure: true };
  const { failed, counterexample, errorInstance, numShrinks } = await fc.check(property, {
    seed,
    numRuns: 1,
    ...limits,
  });
  if (!failed || !counterexample) return null;
  const { message, cause, stack } = errorInstance as Error;
  const more = cause instanceof Error ? cause.stack : process.env.LOG ? `${stack}\n${cause ?? ""}` : "";
  return `SEED=${seed}, made smaller ${numShrinks} times\n${describeScript(counterexample[0])}\n${message}\n${more}`;
}
