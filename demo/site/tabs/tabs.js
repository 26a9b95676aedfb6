/** Frames of the shop side by side, and how many sockets they need: one. */
import { byId, h } from "/tools/dom.js";

const PAGES = ["/guest-api.html", "/shop/lamps.html", "/shop/backpacks.html", "/shop/returns.html"];
const MOST = 8;
const COUNT_MS = 1000;

const frames = byId("frames");

function add() {
  const number = frames.childElementCount + 1;
  const src = PAGES[(number - 1) % PAGES.length];
  frames.append(h("iframe", { src, title: `Page ${number}` }));
  turn();
}

function turn() {
  byId("more").disabled = frames.childElementCount >= MOST;
  byId("fewer").disabled = frames.childElementCount <= 1;
  count();
}

/** Of the whole sandbox: other guests of this machine count, too. */
async function count() {
  const state = await fetch("/sandbox/state").then(
    (response) => response.json(),
    () => undefined,
  );
  if (!state) return;
  const sockets = state.connections.length;
  const pages = frames.childElementCount;
  const text = `${pages} ${pages === 1 ? "page" : "pages"} · ${sockets} ${sockets === 1 ? "WebSocket" : "WebSockets"}`;
  if (byId("count").textContent !== text) byId("count").textContent = text;
}

byId("more").addEventListener("click", add);
byId("fewer").addEventListener("click", () => {
  frames.lastElementChild?.remove();
  turn();
});
for (let number = 0; number < 3; number++) add();
setInterval(count, COUNT_MS);
