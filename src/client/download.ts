import { ask, StallError } from "./ask.js";
import { backoffMs, waitForRetry } from "./backoff.js";

export interface DownloadOptions {
  /** How long the file is. */
  readonly bytes: number;
  /** Whether the network is known to cut connections short. */
  readonly narrow: boolean;
  /** Called with the reason when the download is given up; the stream fails as well. */
  readonly onLost: (cause: unknown) => void;
}

/** Passes, with its headers, where a connection is silenced after some 25 packets. */
const PIECE_BYTES = 2.5 * 1024;
const LIMIT_MS = 8_000;
const SILENCE_MS = 3_000;
const MAX_ATTEMPTS = 8;

/**
 * The file at `url`: in one answer where the network lets it through, or else in ranges (RFC 9110 section 14.2). What
 * has arrived is not fetched again.
 */
export function download(url: URL, options: DownloadOptions): ReadableStream<Uint8Array> {
  const chunks = read(url, options);
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          options.onLost(cause);
          throw cause;
        }
      },
      cancel: async () => void (await chunks.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}

async function* read(url: URL, { bytes, narrow }: DownloadOptions): AsyncGenerator<Uint8Array, void> {
  let inPieces = narrow;
  for (let from = 0, failures = 0; from < bytes; ) {
    const to = inPieces ? Math.min(bytes, from + PIECE_BYTES) : bytes;
    const before = from;
    try {
      for await (const chunk of inPieces ? range(url, from, to) : whole(url)) {
        from += chunk.length;
        yield chunk;
      }
      if (from < to) throw new TypeError("the answer ended early");
      failures = 0;
    } catch (cause) {
      if (!(cause instanceof StallError || cause instanceof TypeError)) throw cause;
      inPieces = true;
      failures = from > before ? 1 : failures + 1;
      if (failures === MAX_ATTEMPTS) throw cause;
      if (failures > 1) await waitForRetry(backoffMs(failures));
    }
  }
}

async function* whole(url: URL): AsyncGenerator<Uint8Array> {
  yield* bodyOf(await answerTo(url, {}, 200));
}

async function* range(url: URL, from: number, to: number): AsyncGenerator<Uint8Array> {
  const answer = await answerTo(url, { Range: `bytes=${from}-${to - 1}` }, 206);
  if (answer.headers.get("Content-Range")?.startsWith(`bytes ${from}-`) !== true)
    throw new Error("the server answered with another range");
  yield* bodyOf(answer);
}

/** @throws StallError, TypeError when a retry may help; Error when the server refuses */
async function answerTo(url: URL, headers: Readonly<Record<string, string>>, status: number): Promise<Response> {
  const answer = await ask(url, { headers, limitMs: LIMIT_MS });
  if (answer.status === status) return answer;
  const message = `the server answered ${answer.status}`;
  throw answer.status === 429 || answer.status >= 500 ? new TypeError(message) : new Error(message);
}

/** @throws StallError after a silence; TypeError when the connection breaks */
async function* bodyOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  let silent = false;
  const stall = () => {
    silent = true;
    void reader.cancel();
  };
  try {
    for (;;) {
      const timer = setTimeout(stall, SILENCE_MS);
      const next = await reader.read().finally(() => clearTimeout(timer));
      if (silent) throw new StallError("stalled", "the answer is silent");
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
