/** What never crosses a port: the guest token, the ticket, the socket's address. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromAgent, problem, sentFrames, sessionAnswer } from "../support/guest-api-script.ts";
import { startTabs } from "./tab-script.ts";

test("a whole conversation, with a refresh, failures and a second life, shows no tab a secret (S10) (S11)", async () => {
  const crossed: string[] = [];
  const scene = await startTabs({ crossed, answer: { seconds: 60 } });
  const { goLive, openTab, platform } = scene;
  const issued = new Set<string>();
  platform.answer = async () => {
    const answer = sessionAnswer(platform, { seconds: 60 });
    const { guestToken, socketUrl, ticket } = await answer.clone().json();
    for (const secret of [guestToken, socketUrl, ticket, ...guestToken.split(".").slice(1)]) issued.add(secret);
    return answer;
  };
  const tab = await openTab();
  await openTab();
  await tab.ask({ type: "send", text: "hi" });
  await goLive([fromAgent(platform, "m1", "Hello")]);
  await platform.socket.send({ type: "error", payload: { code: "invalid_frame", message: "no" } });
  await platform.pass(50_000);
  await goLive();
  await platform.socket.close(4401, "token refused");
  await platform.pass(1_000);
  const { answer } = platform;
  platform.answer = () => problem(503, "upstream_unavailable", { detail: "busy" });
  await platform.socket.close(4401, "token refused");
  await platform.pass(5_000);
  platform.answer = () => sessionAnswer(platform, { claims: { routing_hints: {} } });
  await platform.pass(60_000);
  platform.answer = answer;
  const next = await scene.replaceHub();
  await tab.attach(next.hub);
  await tab.ask({ type: "open" });

  assert.ok(issued.size >= 5, "there were secrets to find");
  assert.ok(platform.sockets.length >= 3 && sentFrames(platform, "handshake", 0).length === 1);
  const all = crossed.join("\n");
  assert.match(all, /"text":"Hello"/);
  assert.match(all, /CHAT_/);
  for (const secret of issued) assert.ok(!all.includes(secret), `${secret.slice(0, 8)}… crossed a port`);
  assert.doesNotMatch(all, /ticket-|guestToken|eyJ|genesys\.test|Bearer/);
});
