import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";

/** Has `server` listen on a free port of this machine, and returns its address. */
export async function listenLocally(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stops `server`, whoever is still connected. */
export async function closeNow(server: HttpServer): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
