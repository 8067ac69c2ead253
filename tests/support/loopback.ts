import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";

/** Has `server` listen on a port of this machine, a free one unless told, and returns its address. */
export async function listenLocally(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Counts, from now on, the requests that `server` is answering: those whose answer has not ended yet. */
export function countAnswering(server: HttpServer): () => number {
  let answering = 0;
  server.on("request", (_request, response) => {
    answering += 1;
    response.once("close", () => {
      answering -= 1;
    });
  });
  return () => answering;
}

/** Resolves once `server` has let its last connection go. */
export async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

/** Stops `server`, whoever is still connected. */
export async function closeNow(server: HttpServer): Promise<void> {
  server.closeAllConnections();
  await closed(server);
}
