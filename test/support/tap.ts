/** A tap before the demo: what browsers ask for passes through and is noted, of workers too, which no browser tool shows. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Tap {
  /** Without a trailing slash. */
  url: string;
  /** `GET /path` of all that was asked for, in order. */
  asked: string[];
  /** What becomes of pages on their way. Not by Playwright: a page that it makes up may open no socket to this machine. */
  rewrite(html: string): string;
  /** Of pages, in place of those that they had. */
  headers: Record<string, string>;
  /** What is answered to a path in place of the demo: a text with its type. */
  instead(path: string): { type: string; text: string } | undefined;
  /** The Content-Security-Policy of what is answered to a path, in place of the demo's. */
  policy(path: string): string | undefined;
  /** Paths that break off, as without a network. */
  cut: RegExp | null;
  close(): Promise<void>;
}

/** `target` is the demo's URL. Sockets do not come here: the sandbox names its own address. */
export async function tap(target: string): Promise<Tap> {
  const server = createServer((incoming, answer) => {
    const { method, url = "/", headers } = incoming;
    const path = url.replace(/\?.*/, "");
    line.asked.push(`${method} ${path}`);
    if (line.cut?.test(path)) {
      answer.destroy();
      return;
    }
    const policy = line.policy(path);
    const strict = policy === undefined ? {} : { "content-security-policy": policy };
    const own = line.instead(path);
    if (own) {
      answer.writeHead(200, { "content-type": own.type, "access-control-allow-origin": "*", ...strict }).end(own.text);
      return;
    }
    const passed = request(new URL(url, target), { method, headers }, async (response) => {
      const { "content-length": length, ...more } = response.headers;
      const isPage = /html/.test(more["content-type"] ?? "");
      const own = isPage ? { ...more, ...line.headers } : response.headers;
      answer.writeHead(response.statusCode ?? 502, { ...own, ...strict });
      if (isPage) answer.end(line.rewrite(await text(response)));
      else response.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const line: Tap = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    rewrite: (html) => html,
    headers: {},
    instead: () => undefined,
    policy: () => undefined,
    cut: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return line;
}
