import { connect, createServer, type Socket } from "node:net";
import type { Line } from "./line.js";
import { listenLocally } from "./loopback.js";

export interface Silence {
  /** Bytes of one connection, both directions counted, after which nothing of it arrives any more. */
  readonly maxBytes: number;
  /** Milliseconds that each byte is on its way. */
  readonly latencyMs?: number;
  /** So many connections at one time make it swallow all new ones for {@link angryMs}; without it, none does. */
  readonly atOnce?: number;
  readonly angryMs?: number;
}

export interface SilentLine extends Line {
  /** Connections that have fallen silent. */
  readonly stalls: () => number;
  readonly connections: () => number;
  /** The most connections at one time. */
  readonly most: () => number;
  /** How often so many connections at one time have set it off. */
  readonly outbursts: () => number;
  /** Makes it swallow all new connections from now on, as if something else had set it off. */
  readonly anger: (forMs: number) => void;
}

/**
 * A line as many people in Russia have had since June 2025: a connection goes silent after some KB. Nothing is refused
 * or reset; bytes just stop arriving. tests/support/packet-wall.ts counts packets instead, and needs root.
 */
export async function silentLine(target: () => string, silence: Silence): Promise<SilentLine> {
  const { maxBytes, latencyMs = 0, atOnce = Number.POSITIVE_INFINITY, angryMs = 20_000 } = silence;
  const seen = { stalls: 0, connections: 0, most: 0, open: 0, outbursts: 0, angryUntil: 0 };
  const sockets = new Set<Socket>();

  /** Passes on what `from` sends while `budget` lasts. Past it the other side is told nothing, not even of an end. */
  function pass(from: Socket, to: Socket, budget: { left: number }): void {
    const later = (act: () => void) => setTimeout(act, latencyMs);
    from.on("data", (chunk: Buffer) => {
      const passing = chunk.subarray(0, budget.left);
      if (budget.left > 0 && chunk.length >= budget.left) seen.stalls += 1;
      budget.left -= passing.length;
      if (passing.length > 0) later(() => to.write(passing));
    });
    from.on("end", () => budget.left > 0 && later(() => to.end()));
    from.on("error", () => budget.left > 0 && later(() => to.destroy()));
    from.on("close", () => sockets.delete(from));
    sockets.add(from);
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    seen.connections += 1;
    seen.open += 1;
    seen.most = Math.max(seen.most, seen.open);
    client.once("close", () => {
      seen.open -= 1;
    });
    if (seen.open >= atOnce) {
      seen.outbursts += 1;
      seen.angryUntil = Date.now() + angryMs;
    }
    const budget = { left: Date.now() < seen.angryUntil ? 0 : maxBytes };
    const { hostname, port } = new URL(target());
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    pass(client, upstream, budget);
    pass(upstream, client, budget);
    // What has fallen silent is let go in the end, as a real server and a real browser do.
    client.once("end", () => budget.left === 0 && client.end());
  });
  return {
    url: await listenLocally(server),
    stalls: () => seen.stalls,
    connections: () => seen.connections,
    most: () => seen.most,
    outbursts: () => seen.outbursts,
    anger: (forMs) => {
      seen.angryUntil = Date.now() + forMs;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
