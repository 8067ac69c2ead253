import { startWorker } from "../dom/index.js";
import type { Command, FailureCode, Keys, Report } from "./messages.js";

/** For the worker to load, fetch the certificates and test itself on a slow connection. */
const PREPARE_TIMEOUT_MS = 120_000;

export interface EncrypterParts {
  /** Address of the worker's script. */
  readonly worker: string;
  readonly keys: Keys;
  readonly fingerprints: readonly string[];
  readonly portalSalt: string;
}

export interface EncrypterListener {
  readonly ready: () => void;
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

  constructor(parts: EncrypterParts, listener: EncrypterListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** Starts a new worker; either `ready` or `unusable` follows. */
  start(): void {
    this.stop();
    const { worker: url, keys, fingerprints, portalSalt } = this.#parts;
    try {
      const worker = startWorker(url);
      worker.addEventListener("error", () => this.#fail("too_old"));
      worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.#hear(data));
      this.#worker = worker;
      this.#timer = setTimeout(() => this.#fail("too_old"), PREPARE_TIMEOUT_MS);
      this.tell({ kind: "prepare", keys, fingerprints, portalSalt });
    } catch {
      this.#fail("too_old");
    }
  }

  /** Terminates the worker and frees everything it holds. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
  }

  tell(command: Command): void {
    this.#worker?.postMessage(command);
  }

  #hear(report: Report): void {
    if (report.kind === "unready") this.#fail(report.code);
    else if (report.kind === "ready") {
      clearTimeout(this.#timer);
      this.#listener.ready();
    } else this.#listener.report(report);
  }

  #fail(code: FailureCode): void {
    this.stop();
    this.#listener.unusable(code);
  }
}
