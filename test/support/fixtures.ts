/** The frames and REST bodies of web messaging that the tests share. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../test/fixtures/web-messaging/", import.meta.url));

/** By its path without the ending: `rest/deploymentConfig`. */
// biome-ignore lint/suspicious/noExplicitAny: what it holds is what its test asserts.
export const readFixture = (path: string): any => JSON.parse(readFileSync(`${folder}${path}.json`, "utf8"));
