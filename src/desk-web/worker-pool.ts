import { startWorker } from "../dom/index.js";
import type { DeskFault, DeskRequest, DeskResponse, DeskResults } from "./desk-messages.js";

/** An error in a worker. */
export class DeskError extends Error {
  override readonly name = "DeskError";
  readonly fault: DeskFault;
  readonly detail: string;

  constructor(fault: DeskFault, detail: string) {
    super(fault);
    this.fault = fault;
    this.detail = detail;
  }
}

interface Waiting {
  readonly request: DeskRequest;
  /** The only worker that may handle it, or null for any. */
  readonly only: Worker | null;
  readonly onRead: (bytes: number) => void;
  readonly resolve: (value: never) => void;
  readonly reject: (cause: unknown) => void;
}

/** The page's workers. Each handles one request at a time; further requests wait. */
export class WorkerPool {
  readonly #script: string;
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #waiting: Waiting[] = [];

  /** @param script URL of the workers' script */
  constructor(script: string, count: number) {
    this.#script = script;
    for (let index = 0; index < count; index += 1) this.#add();
  }

  /** Sends a request to one worker. @throws DeskError */
  request<Kind extends DeskRequest["kind"]>(
    request: Extract<DeskRequest, { kind: Kind }>,
    onRead: (bytes: number) => void = () => undefined,
  ): Promise<DeskResults[Kind]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, only: null, onRead, resolve, reject });
      this.#assign();
    });
  }

  /** Has every worker unlock the same keys, ahead of its waiting requests. @throws DeskError */
  async unlock(files: readonly File[], passphrase: string): Promise<readonly string[]> {
    const request = { kind: "unlock", files, passphrase } as const;
    const results = this.#all.map(
      (only) =>
        new Promise<DeskResults["unlock"]>((resolve, reject) => {
          this.#waiting.unshift({ request, only, onRead: () => undefined, resolve, reject });
        }),
    );
    this.#assign();
    const [unlocked = []] = await Promise.all(results);
    return unlocked;
  }

  /** Terminates all workers, and with them the keys that they hold. */
  stop(): void {
    for (const worker of this.#all) worker.terminate();
    this.#idle.length = 0;
    this.drop();
  }

  /** Rejects the requests that no worker has begun. */
  drop(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new DeskError("stopped", ""));
  }

  #add(): void {
    const worker = startWorker(this.#script);
    this.#all.push(worker);
    this.#idle.push(worker);
  }

  #assign(): void {
    for (const worker of this.#idle.splice(0)) {
      const at = this.#waiting.findIndex(({ only }) => only === null || only === worker);
      const [next] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (next === undefined) {
        this.#idle.push(worker);
        continue;
      }
      const finish = () => {
        worker.onmessage = null;
        worker.onerror = null;
        this.#idle.push(worker);
        this.#assign();
      };
      worker.onmessage = ({ data }: MessageEvent<DeskResponse>) => {
        if (data.kind === "read") return next.onRead(data.bytes);
        finish();
        if (data.kind === "done") next.resolve(data.value as never);
        else next.reject(new DeskError(data.fault, data.detail));
      };
      worker.onerror = () => {
        finish();
        next.reject(new DeskError("crashed", "worker"));
      };
      worker.postMessage(next.request);
    }
  }
}
