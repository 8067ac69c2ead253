import { Transform } from "node:stream";
import { type Line, openLine } from "./line.js";

const SLICE_MS = 20;

/** One direction of a line: what all its connections send waits for the same bytes per second, in turns of a slice. */
export class Direction {
  readonly sliceBytes: number;
  readonly #bytesPerMs: number;
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.sliceBytes = Math.ceil(this.#bytesPerMs * SLICE_MS);
  }

  /** The slices of `chunk`, each once it has been put on the line. */
  async *slices(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < chunk.length; at += this.sliceBytes) {
      const slice = chunk.subarray(at, at + this.sliceBytes);
      await this.#carry(slice.length);
      yield slice;
    }
  }

  async #carry(bytes: number): Promise<void> {
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + bytes / this.#bytesPerMs;
    await new Promise((resolve) => setTimeout(resolve, this.#freeAt - performance.now()));
  }
}

/**
 * A line to `url` that carries at most `bytesPerSecond` each way, over all its connections together, each byte
 * `latencyMs` milliseconds on its way.
 */
export function slowLine(url: string, bytesPerSecond: number, latencyMs = 0): Promise<Line> {
  const up = new Direction(bytesPerSecond);
  const down = new Direction(bytesPerSecond);
  return openLine(
    () => url,
    (client, upstream) => {
      client.pipe(over(up, latencyMs)).pipe(upstream);
      upstream.pipe(over(down, latencyMs)).pipe(client);
    },
  );
}

/** The end of one connection: it waits for its turns on `direction`, and then for the latency. */
function over(direction: Direction, latencyMs: number): Transform {
  let underWay = 0;
  let end: (() => void) | null = null;
  return new Transform({
    highWaterMark: direction.sliceBytes,
    async transform(chunk: Uint8Array, _encoding, done) {
      for await (const slice of direction.slices(chunk)) {
        underWay += 1;
        setTimeout(() => {
          this.push(slice);
          underWay -= 1;
          if (underWay === 0) end?.();
        }, latencyMs);
      }
      done();
    },
    flush(done) {
      if (underWay === 0) done();
      else end = done;
    },
  });
}
