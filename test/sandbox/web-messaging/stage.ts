/** A sandbox on real sockets with its clock moved by hand, and clients of web messaging that know nothing of src. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { type RunningSandbox, serveSandbox } from "../../../src/sandbox/node.ts";
import { createSandbox, type DeploymentOptions, type SandboxOptions } from "../../../src/sandbox/sandbox.ts";
import { readFixture } from "../../support/fixtures.ts";
import { SecondClient, type SecondFrame } from "../../support/second-client.ts";
import { createHandClock, type HandClock } from "../support.ts";
import { DEPLOYMENT } from "./support.ts";

export interface Stage {
  clock: HandClock;
  /** Without a slash at the end. */
  url(): string;
  open(options?: { token?: string; origin?: string }): Promise<SecondClient>;
  /** Opens and configures; what the answer says is told. */
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what its test asserts.
  join(token?: string, fields?: object): Promise<{ client: SecondClient; answer: any }>;
  agent(action: object): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what its test asserts.
  state(): Promise<any>;
}

/** For one suite. Without the bot unless asked for; one deployment, with the id of the fixtures. */
export function setStage(deployment: Partial<DeploymentOptions> = {}, options: SandboxOptions = {}): Stage {
  const clock = createHandClock(Date.now());
  let running: RunningSandbox;
  const clients: SecondClient[] = [];
  before(async () => {
    const deployments = [{ id: DEPLOYMENT, ...deployment }];
    running = await serveSandbox(createSandbox({ bot: false, clock, deployments, ...options }));
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await running.close();
  });
  const url = () => running.url.replace(/\/$/, "");
  const stage: Stage = {
    clock,
    url,
    async open(given) {
      const client = await SecondClient.open(url(), DEPLOYMENT, given);
      clients.push(client);
      return client;
    },
    async join(token, fields) {
      const client = await stage.open({ token });
      const { body } = await client.answer(client.configure(fields));
      assert.equal(body.connected, true);
      return { client, answer: body };
    },
    async agent(action) {
      const response = await fetch(`${url()}/sandbox/agent`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(action),
      });
      assert.equal(response.status, 200, await response.text());
    },
    state: async () => (await fetch(`${url()}/sandbox/state`)).json(),
  };
  return stage;
}

const toKind = (value: unknown): string => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value);

/** All of it that the fixture has is there, of the same type; ids, times and words are the sandbox's own. */
export function assertLike(found: unknown, fixture: unknown, path = "frame"): void {
  assert.equal(toKind(found), toKind(fixture), path);
  if (Array.isArray(fixture)) {
    assert.ok((found as unknown[]).length >= Math.min(1, fixture.length), `${path} is empty`);
    if (fixture.length > 0) assertLike((found as unknown[])[0], fixture[0], `${path}[0]`);
  } else if (typeof fixture === "object" && fixture !== null) {
    for (const [name, value] of Object.entries(fixture)) {
      assertLike((found as Record<string, unknown>)[name], value, `${path}.${name}`);
    }
  }
}

/** A frame that is like a fixture, with the same type, class and code. */
export function assertFrame(found: SecondFrame, path: string, { but = [] }: { but?: string[] } = {}): void {
  const fixture = readFixture(`server/${path}`);
  for (const name of but) delete fixture.body[name];
  const { type, class: name, code } = fixture;
  assert.deepEqual({ type: found.type, class: found.class, code: found.code }, { type, class: name, code });
  assertLike(found, fixture, path);
}
