import { UPLOAD_CONNECTIONS } from "./boot.js";
import { type Command, type FailureCode, type Keys, loadFailure, type Report } from "./messages.js";

/** For the worker to fetch the certificates and test itself on a slow connection and a slow device. */
const PREPARE_TIMEOUT_MS = 120_000;
/** Before that, it may be the network that swallows what the worker asks. */
const FIRST_TIMEOUT_MS = 20_000;

/** Reports after which nothing is sent any more. */
const ENDS = new Set<Report["kind"]>(["stored", "saved", "failed", "cancelled"]);

export interface EncrypterParts {
  readonly startWorker: () => Promise<Worker>;
  readonly askPortal: () => Promise<{ readonly keys: Keys; readonly isPortal: boolean }>;
  /** Called when the worker has taken long: from then on the page asks the network for less at a time. */
  readonly becomeNarrow: () => void;
  /** Leaves so many connections to the worker from now on. Resolves once it may make them. */
  readonly leaveRoom: (connections: number) => Promise<void>;
  readonly fingerprints: readonly string[];
  readonly portalSalt: string;
  /** Where uploads are created; null in the offline form. */
  readonly endpoint: string | null;
}

export interface EncrypterListener {
  /** @param until until when what the offline form makes can be opened for sure, ms; null for no such end */
  readonly ready: (until: number | null) => void;
  /** The worker did not start, or it failed later. */
  readonly unusable: (code: FailureCode) => void;
  readonly report: (report: Report) => void;
}

/** The page's side of the worker: starts it, waits for its self-test, and notices when it fails. */
export class Encrypter {
  readonly #parts: EncrypterParts;
  readonly #listener: EncrypterListener;
  #worker: Worker | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the starts: what a stopped one brings comes too late. */
  #starts = 0;
  /** Resolves when the worker may send. */
  #room: Promise<void> = Promise.resolve();

  constructor(parts: EncrypterParts, listener: EncrypterListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** Starts a new worker; either `ready` or `unusable` follows. */
  start(): void {
    void this.#begin(FIRST_TIMEOUT_MS, () => {
      this.#parts.becomeNarrow();
      void this.#begin(PREPARE_TIMEOUT_MS, () => this.#fail("too_old"));
    });
  }

  async #begin(timeoutMs: number, onTimeout: () => void): Promise<void> {
    this.stop();
    const start = this.#starts;
    const { startWorker, askPortal, fingerprints, portalSalt, endpoint: uploads } = this.#parts;
    try {
      const worker = await startWorker();
      if (start !== this.#starts) return worker.terminate();
      worker.addEventListener("error", () => this.#fail("too_old"));
      worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.#hear(data));
      this.#worker = worker;
      const { keys, isPortal } = await askPortal();
      const endpoint = isPortal ? null : uploads;
      const offline = uploads === null;
      const command = { kind: "prepare", keys, fingerprints, portalSalt, endpoint, offline } as const;
      if (start !== this.#starts) return;
      this.#timer = setTimeout(onTimeout, timeoutMs);
      void this.tell(command);
    } catch (cause) {
      if (start === this.#starts) this.#fail(loadFailure(cause));
    }
  }

  /** Terminates the worker and frees everything it holds. */
  stop(): void {
    this.#starts += 1;
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#end();
  }

  /** In the order of the calls. */
  async tell(command: Command): Promise<void> {
    const start = this.#starts;
    if (command.kind === "send") this.#room = this.#parts.leaveRoom(UPLOAD_CONNECTIONS);
    await this.#room;
    if (start === this.#starts) this.#worker?.postMessage(command);
  }

  #end(): void {
    this.#room = Promise.resolve();
    void this.#parts.leaveRoom(0);
  }

  #hear(report: Report): void {
    if (report.kind === "unready") this.#fail(report.code);
    else if (report.kind === "ready") {
      clearTimeout(this.#timer);
      this.#listener.ready(report.until);
    } else {
      if (ENDS.has(report.kind)) this.#end();
      this.#listener.report(report);
    }
  }

  #fail(code: FailureCode): void {
    this.stop();
    this.#listener.unusable(code);
  }
}
