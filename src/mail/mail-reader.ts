import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { Fault } from "../core/index.js";
import type { LookupRequest, ReadAnswer, ReadRequest } from "./mail-thread.js";
import type { Envelope, SenderRecords } from "./sender-records.js";

/** Longer than any message within the parser's bounds takes on a slow machine. */
const TIMEOUT_MS = 30_000;
/** Of JavaScript's own memory. A message and its documents are beside it, and no larger than the message. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

/** `ended`: the thread ran out of memory, or met a fault. `timeout`: it took too long, and was ended. */
export class MailReaderError extends Fault<"ended" | "timeout"> {}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (cause: Error) => void;
}

/**
 * Reads messages in a thread, within bounds of memory and time. A message that exceeds them ends the thread; the next
 * message gets another. What the thread prints is dropped: it may be about a letter. It runs until {@link close}.
 */
export class MailReader {
  readonly #timeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | null = null;
  #lastId = 0;

  constructor(timeoutMs = TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Takes `message` over, and gives it back in the answer.
   * @throws MailReaderError if the thread ended: then the message's bytes are gone
   */
  async read(message: Uint8Array<ArrayBuffer>, records: SenderRecords | null = null): Promise<ReadAnswer> {
    const request: ReadRequest = { kind: "read", message, records };
    return (await this.#ask(request, [message.buffer])) as ReadAnswer;
  }

  /** What the DNS says of a sender; null if that cannot be found out. @throws MailReaderError */
  async lookup(head: string, envelope: Envelope, servers: readonly string[]): Promise<SenderRecords | null> {
    const request: LookupRequest = { kind: "lookup", head, envelope, servers };
    return (await this.#ask(request)) as SenderRecords | null;
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    if (thread !== null) this.#end(thread, new MailReaderError("ended", "the server stops"));
    await thread?.terminate();
  }

  async #ask(request: LookupRequest | ReadRequest, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#thread ??= this.#start();
    const thread = this.#thread;
    const tooLong = () => this.#end(thread, new MailReaderError("timeout", "a message takes too long"));
    const timer = setTimeout(tooLong, this.#timeoutMs);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        thread.postMessage({ ...request, id }, [...transfer]);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  #start(): Worker {
    // Tests run from source too, but a thread's program is always the built one.
    const program = pathToFileURL(createRequire(import.meta.url).resolve("#mail-thread"));
    const thread = new Worker(program, { resourceLimits: MEMORY, stdout: true, stderr: true, env: {}, execArgv: [] });
    thread.stdout.resume();
    thread.stderr.resume();
    thread.on("message", ({ id, answer }: { id: number; answer: unknown }) => this.#waiting.get(id)?.resolve(answer));
    thread.on("error", (cause) => this.#end(thread, new MailReaderError("ended", "the thread failed", { cause })));
    thread.on("exit", () => this.#end(thread, new MailReaderError("ended", "the thread has ended")));
    return thread;
  }

  #end(thread: Worker, cause: MailReaderError): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    void thread.terminate();
    for (const { reject } of this.#waiting.values()) reject(cause);
  }
}
