import { startWorker } from "../dom/index.js";
import type { FailureCode, Keys, Order, Report } from "./messages.js";

/** How long the worker may take to load, fetch the certificates and test itself, on a slow line. */
const PREPARE_TIME_MS = 120_000;

export interface EncrypterParts {
  /** Address of the worker's script. */
  readonly worker: string;
  readonly keys: Keys;
  readonly fingerprints: readonly string[];
  readonly portalSalt: string;
}

export interface EncrypterListener {
  readonly ready: () => void;
  /** The worker cannot be used, or cannot be used any more. */
  readonly unusable: (code: FailureCode) => void;
  readonly report: (report: Report) => void;
}

/** The page's side of the worker: starts it, has it prove that it can encrypt, and hears when it fails. */
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
      this.#timer = setTimeout(() => this.#fail("too_old"), PREPARE_TIME_MS);
      this.tell({ kind: "prepare", keys, fingerprints, portalSalt });
    } catch {
      this.#fail("too_old");
    }
  }

  /** Ends the worker and all that it holds. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
  }

  tell(order: Order): void {
    this.#worker?.postMessage(order);
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
