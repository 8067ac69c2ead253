import { type Line, openLine } from "./line.js";

export interface BrokenLine extends Line {
  /** How often it has broken. */
  readonly breaks: () => number;
}

/**
 * A line to `target()` that breaks each time as many bytes have gone from the client to the server as the next of
 * `after` says, and holds when there are no more.
 */
export async function brokenLine(target: () => string, after: readonly number[]): Promise<BrokenLine> {
  let breaks = 0;
  let carried = 0;
  const line = await openLine(target, (client, upstream) => {
    let broken = false;
    client.on("data", (chunk: Buffer) => {
      // A line that has broken carries nothing of what comes after.
      if (broken) return;
      carried += chunk.length;
      const limit = after[breaks];
      if (limit !== undefined && carried >= limit) {
        broken = true;
        // What came before the break arrives; the rest of the chunk does not.
        upstream.write(chunk.subarray(0, Math.max(0, chunk.length - (carried - limit))), () => {
          client.destroy();
          upstream.destroy();
        });
        breaks += 1;
        carried = 0;
      } else if (!upstream.write(chunk)) {
        client.pause();
        upstream.once("drain", () => client.resume());
      }
    });
    upstream.pipe(client);
  });
  return { ...line, breaks: () => breaks };
}
