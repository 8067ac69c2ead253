// node relay.mjs LISTEN TARGET [DELAY_MS]: a relay for a process in another network namespace.
// LISTEN and TARGET are HOST:PORT or paths of Unix sockets. All that passes, ends included, needs DELAY_MS each way.
import { connect, createServer } from "node:net";

const [listen = "", target = "", delay = "0"] = process.argv.slice(2);
const delayMs = Number(delay);
const place = (text) => {
  if (text.startsWith("/")) return { path: text };
  const [host, port] = text.split(":");
  return { host, port: Number(port) };
};
const later = (ms, act) => (ms === 0 ? act() : setTimeout(act, ms));

const server = createServer({ allowHalfOpen: true }, (client) => {
  client.setNoDelay(true);
  const upstream = connect({ ...place(target), allowHalfOpen: true, noDelay: true });
  // A connection is made in one round trip, before which nothing of the client's is on its way.
  const made = new Promise((resolve) => upstream.once("connect", () => later(2 * delayMs, resolve)));
  const pass = (act) => made.then(() => later(delayMs, act));
  client.on("data", (chunk) => pass(() => upstream.write(chunk)));
  client.on("end", () => (upstream.connecting ? upstream.destroy() : pass(() => upstream.end())));
  upstream.on("data", (chunk) => later(delayMs, () => client.write(chunk)));
  upstream.on("end", () => later(delayMs, () => client.end()));
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ]) {
    from.on("error", () => {});
    from.on("close", (failed) => (to.connecting ? to.destroy() : failed && later(delayMs, () => to.resetAndDestroy())));
  }
});
server.listen(place(listen), () => process.stdout.write("listening\n"));
