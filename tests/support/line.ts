import { connect, createServer, type Socket } from "node:net";
import { listenLocally } from "./loopback.js";

export interface Line {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A TCP line on loopback to wherever `target()` is by then; `carry` passes on what each side says. */
export async function openLine(target: () => string, carry: (client: Socket, upstream: Socket) => void): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = new URL(target());
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // When one side goes, so does the other, once all that it said has gone through: the pipe says so at its end.
      socket
        .on("error", () => socket.destroy())
        .on("close", () => {
          sockets.delete(socket);
          if (socket === upstream && upstream.readableEnded) return;
          setTimeout(() => (socket === client ? upstream : client).destroy(), 50);
        });
    }
    carry(client, upstream);
  });
  return {
    url: await listenLocally(server),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
