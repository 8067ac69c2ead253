import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface BrokenLine {
  readonly url: string;
  /** How often it has broken. */
  readonly breaks: () => number;
  readonly close: () => Promise<void>;
}

/**
 * A line to `target()` that breaks each time as many octets have gone from the client to the server as the next of
 * `after` says, and holds when there are no more.
 */
export async function brokenLine(target: () => string, after: readonly number[]): Promise<BrokenLine> {
  const sockets = new Set<Socket>();
  let breaks = 0;
  let carried = 0;
  const server = createServer((client) => {
    const { hostname, port } = new URL(target());
    const upstream = connect({ host: hostname, port: Number(port) });
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", end).on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    let broken = false;
    client.on("data", (chunk: Buffer) => {
      // A line that has broken carries nothing of what comes after.
      if (broken) return;
      carried += chunk.length;
      const limit = after[breaks];
      if (limit !== undefined && carried >= limit) {
        broken = true;
        // What came before the break arrives; the rest of the chunk does not.
        upstream.write(chunk.subarray(0, Math.max(0, chunk.length - (carried - limit))), end);
        breaks += 1;
        carried = 0;
      } else if (!upstream.write(chunk)) {
        client.pause();
        upstream.once("drain", () => client.resume());
      }
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breaks: () => breaks,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
