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

const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
  client.setNoDelay(true);
  // A connection is made in one round trip, before which the client has nothing to send.
  const upstream = connect({ ...place(target), allowHalfOpen: true, noDelay: true });
  upstream.once("connect", () => later(2 * delayMs, () => client.resume()));
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ]) {
    from.on("data", (chunk) => later(delayMs, () => to.write(chunk)));
    from.on("end", () => later(delayMs, () => to.end()));
    from.on("error", () => {});
    from.on("close", (failed) => failed && later(delayMs, () => to.resetAndDestroy()));
  }
});
server.listen(place(listen), () => process.stdout.write("listening\n"));
