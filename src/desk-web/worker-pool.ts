import { DeskError } from "./desk-error.js";
import type { DeskKeys, DeskRequest, DeskResults, Unlocked } from "./desk-messages.js";
import { DeskWorker, type Job } from "./desk-worker.js";

/** How long a request may make no progress. */
const STALL_TIMEOUT_MS = 10 * 60_000;

/** The page's workers. Each handles one request at a time; further requests wait. */
export class WorkerPool {
  readonly #workers: readonly DeskWorker[];
  readonly #waiting: Job[] = [];
  #keys: DeskKeys = { kind: "keys", bodies: [], closed: [] };

  /** @param script URL of the workers' script */
  constructor(script: string, count: number, stallTimeoutMs = STALL_TIMEOUT_MS) {
    const assign = () => this.#assign();
    this.#workers = Array.from({ length: count }, () => new DeskWorker(script, stallTimeoutMs, assign));
  }

  /** Sends a request to one worker. @throws DeskError */
  request<Kind extends DeskRequest["kind"]>(
    request: Extract<DeskRequest, { kind: Kind }>,
    onRead: (bytes: number) => void = () => undefined,
  ): Promise<DeskResults[Kind]> {
    return new Promise((resolve, reject) => {
      const job: Job = { request, onRead, resolve, reject };
      // Somebody waits for it.
      if (request.kind === "unlock") this.#waiting.unshift(job);
      else this.#waiting.push(job);
      this.#assign();
    });
  }

  /**
   * Has one worker unlock keys, and gives them to all: a passphrase may cost seconds, and 2 GiB of memory.
   * @param open fingerprints of the parts that are open already
   * @throws DeskError
   */
  async unlock(files: readonly File[], passphrase: string, open: readonly string[]): Promise<Unlocked> {
    const unlocked = await this.request({ kind: "unlock", files, passphrase, open });
    this.#keys = { kind: "keys", bodies: [...this.#keys.bodies, ...unlocked.bodies], closed: unlocked.closed };
    for (const worker of this.#workers) worker.setKeys(this.#keys);
    return unlocked;
  }

  /** Terminates all workers, and forgets the keys. */
  stop(): void {
    this.drop();
    this.#keys = { kind: "keys", bodies: [], closed: [] };
    for (const worker of this.#workers) worker.stop();
  }

  /** Rejects the requests that no worker has begun. */
  drop(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new DeskError("stopped", ""));
  }

  #assign(): void {
    for (const worker of this.#workers) {
      if (!worker.idle) continue;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      worker.begin(job);
    }
  }
}
