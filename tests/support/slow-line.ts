import { Transform } from "node:stream";
import { type Line, openLine } from "./line.js";

const SLICE_MS = 20;

/**
 * A line to `url` that carries at most `bytesPerSecond` each way, over all its connections, each byte `latency`
 * milliseconds on its way.
 */
export function slowLine(url: string, bytesPerSecond: number, latency = 0): Promise<Line> {
  const perSlice = Math.ceil((bytesPerSecond * SLICE_MS) / 1000);
  const throttle = () => {
    let under = 0;
    let end: (() => void) | null = null;
    return new Transform({
      highWaterMark: perSlice,
      transform(chunk: Uint8Array, _encoding, done) {
        under += 1;
        const carried = (chunk.length / perSlice) * SLICE_MS;
        setTimeout(done, carried);
        setTimeout(() => {
          this.push(chunk);
          under -= 1;
          if (under === 0) end?.();
        }, carried + latency);
      },
      flush(done) {
        if (under === 0) done();
        else end = done;
      },
    });
  };
  return openLine(
    () => url,
    (client, upstream) => {
      client.pipe(throttle()).pipe(upstream);
      upstream.pipe(throttle()).pipe(client);
    },
  );
}
