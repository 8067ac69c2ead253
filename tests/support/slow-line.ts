import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";

export interface SlowLine {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const SLICE_MS = 20;

/** A line to `url` that carries at most `octetsPerSecond` from the client to the server, over all its connections. */
export async function slowLine(url: string, octetsPerSecond: number): Promise<SlowLine> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const perSlice = Math.ceil((octetsPerSecond * SLICE_MS) / 1000);
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    }
    const throttle = new Transform({
      highWaterMark: perSlice,
      transform(chunk: Uint8Array, _encoding, done) {
        setTimeout(() => done(null, chunk), (chunk.length / perSlice) * SLICE_MS);
      },
    });
    client.pipe(throttle).pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
