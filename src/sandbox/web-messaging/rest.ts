/** All of web messaging that is no socket, put together: what a dialect needs of it, and the routes of one origin. */
import { Hono } from "hono";
import type { ResolvedOptions } from "../options.ts";
import { createDeployments, type Deployments } from "./deployments.ts";
import { createHistory, type History, type Told } from "./history.ts";
import { createPushDevices } from "./push-devices.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { createUploadRoutes } from "./upload-routes.ts";
import { createUploads, type Uploads } from "./uploads.ts";

export interface Rest {
  routes: Hono;
  deployments: Deployments;
  uploads: Uploads;
  history: History;
  tokens: Tokens;
}

/** Throws a TypeError that names what is wrong with a deployment. `readHistory`: see HistoryParts. */
export function createRest(
  options: Pick<ResolvedOptions, "clock" | "randomId" | "deployments" | "fetch" | "uploadDelayMs">,
  readHistory: (session: string) => readonly Told[] | undefined,
): Rest {
  const { clock, randomId, fetch, uploadDelayMs } = options;
  const deployments = createDeployments(options.deployments, randomId);
  const uploads = createUploads(clock, randomId, uploadDelayMs);
  const history = createHistory({ clock, randomId, deployments, read: readHistory });
  const tokens = createTokens({ clock, randomId, deployments, fetch });
  const routes = new Hono();
  const all = [
    deployments.routes,
    createUploadRoutes(uploads, randomId),
    history.routes,
    tokens.routes,
    createPushDevices(deployments, randomId),
  ];
  for (const each of all) routes.route("/", each);
  return { routes, deployments, uploads, history, tokens };
}
