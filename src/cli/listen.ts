import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { ListenAddress } from "./listen-address.js";

/** Starts `server` and returns the address to open: a URL, or `unix:` and a path. */
export async function listen(server: Server, address: ListenAddress): Promise<string> {
  if ("path" in address) {
    // A socket left by a process that is gone would keep the address taken.
    await rm(address.path, { force: true });
    server.listen(address);
    await once(server, "listening");
    // The proxy in front runs as another user of the same group.
    await chmod(address.path, 0o660);
    return `unix:${address.path}`;
  }
  server.listen(address);
  await once(server, "listening");
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  return `http://${address.host.includes(":") ? `[${address.host}]` : address.host}:${port}/`;
}

/** Resolves on SIGINT or SIGTERM. A second one ends the process at once. */
export async function untilTold(): Promise<void> {
  await new Promise<void>((resolve) => {
    const told = () => {
      process.off("SIGINT", told).off("SIGTERM", told);
      resolve();
    };
    process.on("SIGINT", told).on("SIGTERM", told);
  });
}

export function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}
