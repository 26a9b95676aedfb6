/** The push calls of the platform's mobile clients (section 1.3 of the protocol): devices are noted, and nothing is ever pushed. */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { Deployments } from "./deployments.ts";
import { answerRefused, Refused, readJson } from "./platform-error.ts";

const text = v.pipe(v.string(), v.nonEmpty("Expected some text"));
const device = v.object({
  deviceToken: text,
  language: text,
  deviceType: text,
  notificationProvider: v.picklist(["FCM", "APNS"]),
});
const changed = v.object({ deviceToken: text, language: text });

const DEVICES = 1000;
const PATH = "/api/v2/webmessaging/deployments/:deployment/pushdevices/:token";

export function createPushDevices(deployments: Deployments, randomId: () => string): Hono {
  const devices = new Set<string>();

  const readKey = (c: Context): string => {
    const { id } = deployments.get(c.req.param("deployment") ?? "");
    return JSON.stringify([id, c.req.param("token")]);
  };
  const check = (key: string): void => {
    if (!devices.has(key)) throw new Refused(404, "device.not.found", "The device was not found");
  };

  const routes = new Hono();
  routes.onError(answerRefused(randomId));
  routes.post(PATH, async (c) => {
    const key = readKey(c);
    await readJson(c, device, "required.fields.missing");
    if (devices.has(key)) throw new Refused(409, "device.already.registered", "The device is registered already");
    if (devices.size >= DEVICES) throw new Refused(400, "device.registration.failure", "There are too many devices");
    devices.add(key);
    return c.body(null, 204);
  });
  routes.patch(PATH, async (c) => {
    const key = readKey(c);
    await readJson(c, changed, "update.fields.missing");
    check(key);
    return c.body(null, 204);
  });
  routes.delete(PATH, (c) => {
    const key = readKey(c);
    check(key);
    devices.delete(key);
    return c.body(null, 204);
  });
  return routes;
}
