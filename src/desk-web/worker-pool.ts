import { startWorker } from "../dom/index.js";
import type { DeskAnswers, DeskFault, DeskOrder, DeskReport } from "./desk-messages.js";

/** What went wrong in a worker. */
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
  readonly order: DeskOrder;
  /** The one worker that is to follow it, or null for any. */
  readonly only: Worker | null;
  readonly onRead: (bytes: number) => void;
  readonly resolve: (value: never) => void;
  readonly reject: (cause: unknown) => void;
}

/** The page's side of the workers: as many orders are followed at once as there are workers, the others wait. */
export class DeskWorkers {
  readonly #script: string;
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #waiting: Waiting[] = [];

  /** @param script address of the workers' script */
  constructor(script: string, count: number) {
    this.#script = script;
    for (let index = 0; index < count; index += 1) this.#add();
  }

  /** Has one worker follow an order. @throws DeskError */
  ask<Kind extends DeskOrder["kind"]>(
    order: Extract<DeskOrder, { kind: Kind }>,
    onRead: (bytes: number) => void = () => undefined,
  ): Promise<DeskAnswers[Kind]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, only: null, onRead, resolve, reject });
      this.#give();
    });
  }

  /** Has every worker unlock the same keys, before whatever else waits for it. @throws DeskError */
  async unlock(files: readonly File[], passphrase: string): Promise<readonly string[]> {
    const order = { kind: "unlock", files, passphrase } as const;
    const answers = this.#all.map(
      (only) =>
        new Promise<DeskAnswers["unlock"]>((resolve, reject) => {
          this.#waiting.unshift({ order, only, onRead: () => undefined, resolve, reject });
        }),
    );
    this.#give();
    const [unlocked = []] = await Promise.all(answers);
    return unlocked;
  }

  /** Ends all workers and what they hold. */
  stop(): void {
    for (const worker of this.#all) worker.terminate();
    this.#idle.length = 0;
    this.drop();
  }

  /** Gives up what no worker has begun yet. */
  drop(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new DeskError("internal", "stopped"));
  }

  #add(): void {
    const worker = startWorker(this.#script);
    this.#all.push(worker);
    this.#idle.push(worker);
  }

  #give(): void {
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
        this.#give();
      };
      worker.onmessage = ({ data }: MessageEvent<DeskReport>) => {
        if (data.kind === "read") return next.onRead(data.bytes);
        finish();
        if (data.kind === "done") next.resolve(data.value as never);
        else next.reject(new DeskError(data.fault, data.detail));
      };
      worker.onerror = () => {
        finish();
        next.reject(new DeskError("internal", "worker"));
      };
      worker.postMessage(next.order);
    }
  }
}
