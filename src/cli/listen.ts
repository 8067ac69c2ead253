import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { connect, type Server as NetServer } from "node:net";
import { Fault } from "../core/index.js";
import type { ListenAddress } from "./listen-address.js";

export class ListenError extends Fault<"in_use"> {}

/** Connections that the kernel keeps until they are accepted: with fewer, a flood makes it drop those of others. */
const BACKLOG = 1_024;

/** Starts `server` and returns its address: a URL of `scheme`, or `unix:` and a path. */
export async function listen(server: NetServer, address: ListenAddress, scheme = "http"): Promise<string> {
  if ("path" in address) {
    if (await answers(address.path)) {
      throw new ListenError("in_use", `${address.path}: another process listens there already; stop it first`);
    }
    // Otherwise the socket of a killed process would block the path.
    await rm(address.path, { force: true });
    server.listen({ ...address, backlog: BACKLOG });
    await once(server, "listening");
    // The proxy in front runs as another user of the same group.
    await chmod(address.path, 0o660);
    return `unix:${address.path}`;
  }
  server.listen({ ...address, backlog: BACKLOG });
  await once(server, "listening");
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  return `${scheme}://${address.host.includes(":") ? `[${address.host}]` : address.host}:${port}/`;
}

/** Whether a process accepts connections at the socket `path`. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Resolves on SIGINT or SIGTERM. A second signal kills the process at once. */
export async function untilSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    const onSignal = () => {
      // Libraries that clean up at the end of a process listen too, and end it if they find no other listener.
      queueMicrotask(() => process.off("SIGINT", onSignal).off("SIGTERM", onSignal));
      resolve();
    };
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  });
}

export function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}
