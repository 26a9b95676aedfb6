/** The sandbox's deployments, and what the platform's CDN serves of them. */
import { type Context, Hono } from "hono";
import { toConfigJson, toDomainsJson } from "./config-json.ts";
import { type Deployment, type DeploymentOptions, readDeployment } from "./deployment.ts";
import { answerRefused, Refused } from "./platform-error.ts";

export interface Deployments {
  routes: Hono;
  find(id: string): Deployment | undefined;
  /** Throws a Refused with 404. */
  get(id: string): Deployment;
  all: readonly Deployment[];
}

/** Throws a TypeError that names what is wrong with one of them. */
export function createDeployments(list: readonly DeploymentOptions[], randomId: () => string): Deployments {
  const all = list.map(readDeployment);
  const byId = new Map(all.map((deployment) => [deployment.id, deployment]));
  if (byId.size < all.length) throw new TypeError("deployment.id: Expected an id of its own for each deployment");

  const get = (id: string): Deployment => {
    const deployment = byId.get(id);
    if (!deployment) throw new Refused(404, "deployment.not.found", "There is no such deployment");
    return deployment;
  };

  const routes = new Hono();
  routes.onError(answerRefused(randomId));
  const serve = (file: string, toJson: (deployment: Deployment, origin: string) => object) => {
    routes.get(`/webdeployments/v1/deployments/:id/${file}`, (c: Context) => {
      // A CDN knows no guest and no page: what it has is for everybody, and fresh after a short while.
      c.header("Access-Control-Allow-Origin", "*");
      c.header("Cache-Control", "no-cache");
      return c.json(toJson(get(c.req.param("id") ?? ""), new URL(c.req.url).origin));
    });
  };
  serve("config.json", toConfigJson);
  serve("domains.json", toDomainsJson);

  return { routes, all, get, find: (id) => byId.get(id) };
}
