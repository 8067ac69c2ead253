import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { ARCHIVE_LIMITS, Fault, StallTimer } from "../../core/index.js";

/**
 * `missing`: gpg cannot be run. `stalled`: it made no progress. `too_compressed`: the contents grow beyond the limit.
 * The others are GnuPG's refusals; for `not_a_message` it may not have been asked.
 */
export class GpgError extends Fault<
  | "missing"
  | "stalled"
  | "too_compressed"
  | "refused"
  | "no_matching_key"
  | "not_a_message"
  | "armored"
  | "damaged"
  | "no_passphrase"
  | "no_pinentry"
  | "no_card"
> {}

export interface GpgReport {
  /** The end of what it said to people. */
  readonly message: string;
  /** Its status lines (its doc/DETAILS), without the prefix. */
  readonly status: readonly string[];
}

const MAX_MESSAGE_CHARS = 2_000;
/** A message names at most 64 recipients, each in two lines or three. */
const MAX_STATUS_CHARS = 64 * 1024;
/** Between SIGTERM, which lets it remove its lock files, and SIGKILL. */
const TERM_TIMEOUT_MS = 5_000;

/** One run of gpg that decrypts a file. Whatever it does, {@link ended} settles. */
export class GpgProcess {
  /** Unauthenticated until {@link ended} resolves with a report that says so. */
  readonly plaintext: ReadableStream<Uint8Array>;
  /** What it said. @throws GpgError `missing` or `stalled` */
  readonly ended: Promise<GpgReport>;
  /** Resolves when it no longer runs. */
  readonly exited: Promise<unknown>;
  readonly #process: ChildProcess;
  readonly #stall: StallTimer;
  #reject: (cause: GpgError) => void = () => undefined;

  constructor(command: string, file: string, stallTimeoutMs: number) {
    const gpg = spawn(command, ["--quiet", "--status-fd", "3", "--decrypt", "--", file], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.#process = gpg;
    const [, stdout, stderr, status] = gpg.stdio as unknown as readonly [null, Readable, Readable, Readable];
    this.#stall = new StallTimer(stallTimeoutMs, () => {
      this.#fail(new GpgError("stalled", "gpg made no progress for too long"));
    });
    this.#stall.start();
    this.plaintext = watched(stdout, () => this.#stall.progress());
    const failed = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    gpg.once("error", (cause) => this.#fail(new GpgError("missing", `${command} cannot be run`, { cause })));
    this.exited = new Promise((resolve) => gpg.once("exit", resolve).once("error", resolve));
    // Pipes may stay open after it has exited, in another process.
    const closed = new Promise((resolve) => gpg.once("close", resolve));
    const said = Promise.all([endOf(stderr, MAX_MESSAGE_CHARS), endOf(status, MAX_STATUS_CHARS), closed]);
    this.ended = Promise.race([said, failed]).then(([message, report]) => {
      this.#stall.stop();
      return { message, status: report.split("\n").map((line) => line.replace(/^\[GNUPG:\] /, "").trim()) };
    });
    // Awaited only on some paths.
    this.ended.catch(() => undefined);
  }

  /** Ends it, if it has not ended. */
  stop(): void {
    const gpg = this.#process;
    if (gpg.exitCode !== null || gpg.signalCode !== null) return;
    gpg.kill();
    const timer = setTimeout(() => gpg.kill("SIGKILL"), TERM_TIMEOUT_MS);
    gpg.once("exit", () => clearTimeout(timer));
  }

  #fail(cause: GpgError): void {
    this.#stall.stop();
    this.#reject(cause);
    this.stop();
    for (const pipe of this.#process.stdio) pipe?.destroy();
  }
}

/**
 * The bytes of `pipe`, with a call for each chunk. Once cancelled, it reads on without a reader, since gpg tells only
 * at the end whether the message is intact.
 */
function watched(pipe: Readable, onChunk: () => void): ReadableStream<Uint8Array> {
  const chunks = pipe[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await chunks.next();
        onChunk();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: () => void drain(chunks, onChunk).finally(() => pipe.destroy()),
    },
    { highWaterMark: 0 },
  );
}

async function drain(chunks: AsyncIterator<Uint8Array>, onChunk: () => void): Promise<void> {
  try {
    for (let left = ARCHIVE_LIMITS.bytes; left > 0; onChunk()) {
      const { done, value } = await chunks.next();
      if (done === true) return;
      left -= value.length;
    }
  } catch {
    // gpg's report tells what went wrong.
  }
}

/** The last `maxChars` of what comes, also if the pipe breaks. */
async function endOf(pipe: Readable, maxChars: number): Promise<string> {
  let text = "";
  try {
    for await (const chunk of pipe.setEncoding("utf8")) text = (text + chunk).slice(-maxChars);
  } catch {
    // What was said before counts.
  }
  return text;
}
