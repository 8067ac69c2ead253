import { Fault } from "../../src/core/index.js";

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** `bytes` cut into pieces of `size`, the last one shorter. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) cut.push(bytes.subarray(offset, offset + size));
  return cut;
}

/** `bytes` cut at each of `places`, which may repeat and stand in any order. */
export function splitAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = [];
  let from = 0;
  for (const place of [...places].sort((left, right) => left - right)) {
    const to = Math.min(place, bytes.length);
    cut.push(bytes.subarray(from, to));
    from = to;
  }
  cut.push(bytes.subarray(from));
  return cut;
}

/** A stream that hands out `chunks` one at a time, when asked. */
export function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[next];
        next += 1;
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A stream of `length` bytes of `value`, and a count of how many of them have been asked for. */
export function countedStream(
  length: number,
  chunk = 64 * 1024,
  value = 0x2e,
): { stream: ReadableStream<Uint8Array>; count: { pulled: number; cancelled: boolean } } {
  const count = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const size = Math.min(chunk, length - count.pulled);
        if (size === 0) return controller.close();
        count.pulled += size;
        controller.enqueue(new Uint8Array(size).fill(value));
      },
      cancel() {
        count.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, count };
}

export async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return concat(...chunks);
}

/** For long bytes, which `toEqual` would compare and print one by one. */
export function expectSame(found: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(found, expected) === 0) return;
  const place = expected.findIndex((byte, index) => found[index] !== byte);
  throw new Error(`expected ${expected.length} bytes, got ${found.length}; the first to differ is byte ${place}`);
}

/** The error that `work` fails with; fails itself if there is none. */
export async function failureOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (failure) {
    return failure;
  }
  throw new Error("expected a failure, got none");
}

/** The code of the error that `work` fails with. Any error that is not a fault of ours passes through. */
export async function codeOf(work: () => unknown): Promise<string> {
  const failure = await failureOf(work);
  if (failure instanceof Fault) return String(failure.code);
  throw failure;
}

/** Lets everything run that is ready to run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
