/** A file from a tab through a hub to the sandbox, over XMLHttpRequest, and down again as it was. */
import { type Client, createClient } from "../../src/hub/client.ts";
import type { HostChoice } from "../../src/hub/hosts/rung.ts";
import { demoDeployment } from "../../src/sandbox/web-messaging/demo-deployment.ts";
import { equal, ok, until } from "../element/support.ts";

const BYTES = new Uint8Array(3_000_000).fill(7);
BYTES.set([0x89, 0x50, 0x4e, 0x47]);

for (const host of ["worker", "tab", "page"] satisfies HostChoice[]) {
  describe(`a file by the ${host} host`, () => {
    let client: Client;
    const shown: string[] = [];

    afterEach(() => {
      client.close();
      sessionStorage.clear();
    });

    it("goes up with progress, into a message, and down again", async () => {
      const { url } = (await (await fetch("/test-site.json")).json()) as { url: string };
      const { port } = new URL(url);
      // A key of its own begins with a hub of its own.
      const endpoint = `http://files-${crypto.randomUUID().slice(0, 8)}.localhost:${port}`;
      client = createClient({
        options: {
          protocol: "web-messaging",
          deploymentId: demoDeployment.id,
          endpoint,
          attributes: {},
          storage: "local",
        },
        host,
        storage: sessionStorage,
      });
      client.subscribe(() => {
        for (const { phase, progress } of client.state.uploads ?? []) {
          const step = progress === 1 || progress === 0 ? `${phase} ${progress}` : "on its way";
          if (shown.at(-1) !== step) shown.push(step);
        }
      });
      void client.dispatch({ type: "open" });
      await until(() => client.state.features.includes("attachments"), "live", 8_000);
      const file = new File([BYTES], "photo.png", { type: "image/png" });
      const upload = await client.dispatch({ type: "attach", file });
      equal(shown[0], "uploading 0");
      equal(shown.at(-1), "uploaded 1");
      equal(
        client.state.uploads?.map(({ id, bytes }) => [id, bytes]),
        [[upload, BYTES.length]],
      );
      await client.dispatch({ type: "send", text: "Look", attachment: upload as string });
      const link = await until(
        () => client.messages.flatMap(({ attachments = [] }) => attachments).find((each) => each.url)?.url,
        "the echo",
      );
      const down = new Uint8Array(await (await fetch(link)).arrayBuffer());
      ok(down.length === BYTES.length && down[0] === 0x89 && down.at(-1) === 7, "the file came back as another");
      equal(client.state.uploads, []);
    });
  });
}
