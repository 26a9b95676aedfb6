/** What a deployment's configuration says of the conversation is obeyed: who may connect, what there is to do, and how it is shown. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { getDeployment } from "../../../src/protocols/web-messaging/deployment.ts";
import { createFakePlatform } from "../../support/fake-platform.ts";
import { startWebScene, type WebSceneOptions } from "../../support/web-messaging-scene.ts";
import { configuration, type Json, said } from "../../support/web-messaging-script.ts";

/** Live, at a deployment whose file is as `change` makes it. */
async function startAt(change: (file: Json) => Json, body: Json = {}) {
  const given: WebSceneOptions = { file: () => Response.json(change(configuration())) };
  const scene = await startWebScene(given);
  await scene.ask({ type: "open" });
  await scene.goLive(body);
  return scene;
}

const conversations = (said: Json) => (file: Json) => {
  const { messenger } = file as { messenger: { apps: { conversations: Json } } };
  Object.assign(messenger.apps.conversations, said);
  return file;
};
const on = { enabled: true };
const off = { enabled: false };

describe("a deployment's configuration", () => {
  for (const humanize of [true, false])
    test(`humanize ${humanize ? "on: agents have" : "off: agents have no"} names and pictures`, async () => {
      const { tell, messages } = await startAt(conversations({ humanize: { enabled: humanize } }));
      const from = { nickname: "Mira", image: "https://people.example/mira.png" };
      await tell(said({ id: "s-1", text: "Hello", channel: { from } }));
      const [message] = messages();
      assert.equal(message?.name, humanize ? "Mira" : undefined);
      assert.equal(message?.avatarUrl, humanize ? from.image : undefined);
    });

  test("markdown, on and off and left out, is what the views are told", async () => {
    for (const [markdown, expected] of [
      [on, true],
      [off, false],
      [undefined, false],
    ] as const) {
      const { session } = await startAt(conversations({ markdown }));
      assert.equal(session.chat.state.markdown, expected);
    }
  });

  test("a guest may clear where the deployment lets him, and sign in where it has somebody to ask", async () => {
    const features = async (change: (file: Json) => Json) => (await startAt(change)).session.chat.state.features;
    assert.deepEqual(await features(conversations({ conversationClear: on })), ["earlier", "clear"]);
    assert.deepEqual(await features(conversations({ conversationClear: off })), ["earlier"]);
    const auth = { enabled: true, allowSessionUpgrade: false };
    assert.ok((await features((file) => ({ ...file, auth }))).includes("signIn"));
  });

  test("files: an old deployment's modes hold, one that says nothing takes none", async () => {
    const fileUpload = (upload: Json) => (file: Json) => ({
      ...file,
      messenger: { ...(file.messenger as Json), fileUpload: upload },
    });
    const modes = [{ fileTypes: ["image/png"], maxFileSizeKB: 100 }];
    const old = (await startAt(fileUpload({ modes }))).session.chat.state;
    assert.deepEqual([old.uploadRules?.types, old.uploadRules?.bytes], [["image/png"], 100_000]);
    assert.ok(old.features.includes("attachments"));
    for (const upload of [{}, { modes: [] }, { modes, enableAttachments: false }])
      assert.equal((await startAt(fileUpload(upload))).session.chat.state.uploadRules, undefined);
  });

  test("conversations that are off are the site owner's affair, and no socket is opened", async () => {
    const scene = await startWebScene({
      file: () => Response.json(conversations({ enabled: false })(configuration())),
    });
    await scene.ask({ type: "open" });
    assert.equal(scene.session.chat.state.reason?.code, "CHAT_CONFIGURATION");
    assert.equal(scene.platform.sockets.length, 0);
  });
});

describe("the domains of a deployment", () => {
  const ask = (domains: object, hostname?: string) => {
    const platform = createFakePlatform();
    platform.answer = (url) => Response.json(url.endsWith("/domains.json") ? domains : configuration());
    const request = { cdn: "https://api-cdn.example", deploymentId: "d", hostname };
    return getDeployment(request, platform, new AbortController().signal);
  };
  const only = { allowAllDomains: false, allowedDomains: ["Shop.example"] };

  for (const hostname of ["shop.example", "www.shop.example", "SHOP.EXAMPLE"])
    test(`${hostname} is let in by Shop.example`, async () => {
      assert.equal((await ask(only, hostname)).deployment.status, "Active");
    });

  for (const hostname of ["myshop.example", "shop.example.org", "example"])
    test(`${hostname} is not, and the site owner is told by name`, async () => {
      await assert.rejects(ask(only, hostname), {
        code: "CHAT_NOT_ALLOWED",
        detail: new RegExp(`^${hostname} is not`),
      });
    });

  test("all are let in where all may come, none by an empty list, and a program has no page", async () => {
    assert.ok(await ask({ allowAllDomains: true, allowedDomains: [] }, "any.example"));
    await assert.rejects(ask({ allowAllDomains: false, allowedDomains: [] }, "shop.example"));
    assert.ok(await ask({ allowAllDomains: false, allowedDomains: [] }));
  });
});
