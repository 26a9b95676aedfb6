/** WebKitGTK, driven by its own WebDriver (W3C) on a display of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { findWebKit } from "../browsers.ts";
import { eventually } from "../site.ts";
import { type Browser, type Tab, VIEWPORT } from "./browser.ts";

/** How WebDriver writes a reference to an element, and its Enter key. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const ENTER = "\uE007";

type Call = (method: "GET" | "POST" | "DELETE", path: string, body?: object) => Promise<unknown>;

/** Of a display that nobody uses. */
async function startXvfb(path: string): Promise<{ xvfb: ChildProcess; display: string }> {
  const args = ["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"];
  const xvfb = spawn(path, args, { stdio: ["ignore", "pipe", "ignore"] });
  const number = await new Promise<string>((resolve, reject) => {
    let said = "";
    xvfb.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.endsWith("\n")) resolve(said.trim());
    });
    xvfb.once("error", reject).once("exit", () => reject(new Error("Xvfb did not start")));
  });
  return { xvfb, display: `:${number}` };
}

/** The driver takes no 0 for "any". */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const createCall =
  (url: string): Call =>
  async (method, path, body) => {
    const response = await fetch(url + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`WebDriver: ${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };

/** With the driver that is about to listen there; it has one session at most. */
async function startSession(url: string): Promise<Call> {
  const call = createCall(url);
  await eventually(() => call("GET", "/status"));
  const { sessionId } = (await call("POST", "/session", { capabilities: {} })) as { sessionId: string };
  return createCall(`${url}/session/${sessionId}`);
}

/** A session speaks to one window at a time: `calls` of one tab's are made together, and nobody's in between. */
function createWindows(call: Call) {
  let last: Promise<unknown> = Promise.resolve();
  let current = "";
  return (handle: string) =>
    <T>(calls: () => Promise<T>): Promise<T> => {
      const mine = last.then(async () => {
        if (current !== handle) await call("POST", "/window", { handle });
        current = handle;
        return calls();
      });
      last = mine.catch(() => {});
      return mine;
    };
}

function toTab(call: Call, inWindow: <T>(calls: () => Promise<T>) => Promise<T>): Tab {
  const evaluate = (expression: string) =>
    call("POST", "/execute/sync", { script: `return (${expression});`, args: [] });
  const find = async (expression: string): Promise<string> => {
    const found = (await evaluate(expression)) as Record<string, string> | null;
    if (!found?.[ELEMENT]) throw new Error(`no element: ${expression}`);
    return `/element/${found[ELEMENT]}`;
  };
  return {
    evaluate: (expression) => inWindow(() => evaluate(expression)),
    click: (expression) =>
      inWindow(async () => {
        await call("POST", `${await find(expression)}/click`, {});
      }),
    enter: (expression, text) =>
      inWindow(async () => {
        await call("POST", `${await find(expression)}/value`, { text: text + ENTER });
      }),
    goTo: (url) =>
      inWindow(async () => {
        await call("POST", "/url", { url });
      }),
    reload: () =>
      inWindow(async () => {
        await call("POST", "/refresh", {});
      }),
    close: () =>
      inWindow(async () => {
        await call("DELETE", "/window");
      }),
  };
}

/** Gives the way to end them; a test that crashes leaves none behind. */
function endAtExit(...children: ChildProcess[]): () => Promise<void> {
  const kill = () => {
    for (const child of children) child.kill("SIGKILL");
  };
  process.once("exit", kill);
  const gone = Promise.all(children.map((child) => new Promise((resolve) => child.once("exit", resolve))));
  return async () => {
    kill();
    await gone;
    process.off("exit", kill);
  };
}

export async function launchWebKit(): Promise<Browser> {
  const found = findWebKit();
  if (!found) throw new Error("There is no WebKitWebDriver with an Xvfb.");
  const { xvfb, display } = await startXvfb(found.xvfb);
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display };
  const driver = spawn(found.driver, [`--port=${port}`], { stdio: "ignore", env });
  const endAll = endAtExit(driver, xvfb);
  try {
    const call = await startSession(`http://127.0.0.1:${port}`);
    const windows = createWindows(call);
    // The session has begun with a window, which nobody has used.
    let first: unknown = await call("GET", "/window");
    const ours = new Set([first]);
    return {
      async open(url) {
        const handle = first ?? ((await call("POST", "/window/new", { type: "tab" })) as { handle: string }).handle;
        first = undefined;
        ours.add(handle);
        const tab = toTab(call, windows(handle as string));
        await windows(handle as string)(() => call("POST", "/window/rect", VIEWPORT));
        await tab.goTo(url);
        return tab;
      },
      async popUp() {
        const handle = await eventually(async () => {
          const handles = (await call("GET", "/window/handles")) as string[];
          return handles.find((each) => !ours.has(each)) ?? Promise.reject();
        });
        ours.add(handle);
        return toTab(call, windows(handle));
      },
      async close() {
        // The driver ends its browser with the session; one that has crashed has none.
        await call("DELETE", "").catch(() => {});
        await endAll();
      },
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}
