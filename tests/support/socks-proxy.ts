import { connect, createServer, type Socket } from "node:net";
import { listenLocally } from "./loopback.js";

export interface SocksServer {
  readonly host: string;
  readonly port: number;
  /** The names that it was asked to reach. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** A SOCKS 5 proxy (RFC 1928) on loopback that leads every name to `target`, as Tor leads an onion's to its service. */
export async function socksProxy(target: string): Promise<SocksServer> {
  const { hostname, port } = new URL(target);
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client.on("error", () => client.destroy()));
    client.once("data", () => {
      client.write(Buffer.from([5, 0]));
      client.once("data", (request: Buffer) => {
        asked.push(request.subarray(5, 5 + (request[4] ?? 0)).toString("latin1"));
        const upstream = connect({ host: hostname, port: Number(port) }, () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          client.pipe(upstream).pipe(client);
        });
        sockets.add(upstream.on("error", () => client.destroy()));
      });
    });
  });
  const address = new URL(await listenLocally(server));
  return {
    host: address.hostname,
    port: Number(address.port),
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
