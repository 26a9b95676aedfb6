/** The starter behind `npm start`: sets the project up on a fresh clone, then serves the demo site until told to stop. */
import { bundle, compile, install } from "./setup.mjs";

const fail = (text) => {
  console.error(text);
  process.exit(1);
};

const port = Number(process.env.PORT || 8080);
const host = process.env.HOST || "127.0.0.1";
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail("PORT must be a number from 0 (any free one) to 65535.");

if (!install()) fail("The packages could not be installed. See above.");
if (!compile() || !bundle()) fail("The project could not be built. See above.");

const { serve } = await import("../build/demo/serve.js");
const demo = await serve({ port, host, signIn: true }).catch((error) => {
  if (error.code === "EADDRINUSE")
    fail(`Port ${port} is in use. Choose another: PORT=8081 npm start, or PORT=0 for any.`);
  if (error.code === "EACCES") fail(`Port ${port} may not be opened by this user. Choose one above 1023.`);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") fail(`HOST ${host} is no address of this machine.`);
  throw error;
});

let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    if (isStopping) return;
    isStopping = true;
    await demo.close();
    process.exit(0);
  });
}

console.log(`
  the shop       ${demo.url}/guest-api.html
  the same       ${demo.url}/web-messaging.html (web messaging: in the look of its deployment, guests may sign in)
  another site   http://shop.localhost:${new URL(demo.url).port}/embed.html
  the desk       ${demo.url}/agent/
  the knobs      ${demo.url}/faults.html
  the sandbox    ${demo.url}/sandbox/state
  the broker     ${demo.url}/broker/healthz
`);
console.log(`ready ${demo.url}/`);
