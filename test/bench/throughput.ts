/** Throughput: messages a second through hub and session alone. No network, no disk, no browser: time in our own code. */
import { createHub } from "../../src/hub/hub.ts";
import type { HubPort, Settled, Update, Upward } from "../../src/hub/port.ts";
import { createPortPair } from "../../src/hub/port-pair.ts";
import { joinOf } from "../hub/support.ts";
import { echoOf, fromAgent, type Scene, startScene } from "../support/guest-api-script.ts";
import { median, printTable } from "./report.ts";

const RUNS = 3;

/** Tabs on a hub of their own, live; `heard` resolves when every tab has had so many messages that count. */
async function openTabs(count: number) {
  const scene = await startScene();
  const hub = createHub({ openSession: async () => scene.session });
  const ports = Array.from({ length: count }, (_, index) => {
    const [tabPort, hubPort] = createPortPair<Upward, Update>();
    hub.accept(hubPort as HubPort);
    tabPort.post(joinOf(`tab ${index}`) as Upward);
    return tabPort;
  });
  await scene.ask({ type: "open" });
  await scene.goLive();
  const heard = (messages: number, counts: (update: Update) => number) =>
    Promise.all(
      ports.map(
        (port) =>
          new Promise<void>((resolve) => {
            let left = messages;
            port.listen((update) => {
              left -= counts(update);
              if (left <= 0) resolve();
            });
          }),
      ),
    );
  return { scene, ports, heard };
}

/** Of an agent, to all tabs. */
async function down(tabs: number, messages: number): Promise<number> {
  const { scene, heard } = await openTabs(tabs);
  const frames = Array.from({ length: messages }, (_, index) => toFrame(scene, index));
  const done = heard(messages, (update) => update.messages?.filter(({ from }) => from === "agent").length ?? 0);
  const start = performance.now();
  for (const data of frames) scene.platform.socket.tell("message", { data });
  await done;
  return (messages / (performance.now() - start)) * 1000;
}

const toFrame = ({ platform }: Scene, index: number): string =>
  JSON.stringify({ type: "message", payload: fromAgent(platform, `m${index}`, `Message number ${index}`) });

/** From one tab, each sent after the echo of the one before, and seen as sent by all tabs. */
async function up(tabs: number, messages: number): Promise<number> {
  const { scene, ports, heard } = await openTabs(tabs);
  const { platform } = scene;
  platform.socket.onSent = ({ type, payload }) => {
    if (type !== "message") return;
    const id = String(payload?.id);
    const echo = JSON.stringify({ type: "message", payload: echoOf(platform, id, `s${id}`, String(payload?.text)) });
    queueMicrotask(() => platform.socket.tell("message", { data: echo }));
  };
  const failures = (settled: Record<string, Settled> = {}) => Object.values(settled).filter(({ ok }) => !ok).length;
  const done = heard(messages, (update) => {
    if (failures(update.settled)) throw new Error(JSON.stringify(update.settled));
    return update.messages?.filter(({ delivery }) => delivery === "sent").length ?? 0;
  });
  const start = performance.now();
  for (let index = 0; index < messages; index += 1) {
    ports[0]?.post({ id: `id${index}`, command: { type: "send", text: `Text ${index}` }, at: platform.clock.now() });
  }
  await done;
  return (messages / (performance.now() - start)) * 1000;
}

const WAYS = { "an agent's, down to all tabs": down, "a guest's, up and back to all tabs": up };

const rows: string[][] = [];
for (const [what, run] of Object.entries(WAYS)) {
  for (const [tabs, messages] of [
    [1, 1_000],
    [50, 1_000],
  ] as const) {
    const rates: number[] = [];
    await run(tabs, 100);
    for (let turn = 0; turn < RUNS; turn += 1) rates.push(await run(tabs, messages));
    rows.push([what, String(tabs), String(messages), Math.round(median(rates)).toLocaleString("en")]);
  }
}
printTable(["messages", "tabs", "in a row", "a second"], rows);
