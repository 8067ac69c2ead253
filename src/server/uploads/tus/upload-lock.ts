import { UploadRefusal } from "./upload-refusal.js";

/** Milliseconds that a holder keeps the lock once another request waits for it: its connection is likely dead. */
const GRACE_MS = 3_000;
const LOCK_TIMEOUT_MS = 30_000;

/** One request's hold on an upload. */
class Hold {
  readonly released: Promise<void>;
  readonly #abort: () => void;
  #release: () => void = () => undefined;
  #grace: NodeJS.Timeout | null = null;

  constructor(abort: () => void) {
    this.#abort = abort;
    this.released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  giveWay(): void {
    this.#grace ??= setTimeout(this.#abort, GRACE_MS);
  }

  release(): void {
    if (this.#grace !== null) clearTimeout(this.#grace);
    this.#release();
  }
}

/** Locks uploads by id: one request at a time reads or writes each. */
export class UploadLocks {
  readonly #last = new Map<string, Hold>();

  /**
   * Does `work` once every earlier holder has released the lock.
   * @param abort ends the request of a holder that does not end by itself while another waits
   * @throws UploadRefusal `busy` when an earlier holder does not release within 30 s
   */
  async hold<Value>(id: string, abort: () => void, work: () => Promise<Value>): Promise<Value> {
    const earlier = this.#last.get(id);
    const hold = new Hold(abort);
    this.#last.set(id, hold);
    try {
      if (earlier !== undefined) await releaseOf(earlier);
      return await work();
    } finally {
      const release = () => {
        hold.release();
        if (this.#last.get(id) === hold) this.#last.delete(id);
      };
      // A request that gave up waiting leaves those behind it to wait for those before it.
      if (earlier === undefined) release();
      else void earlier.released.then(release);
    }
  }
}

async function releaseOf(earlier: Hold): Promise<void> {
  earlier.giveWay();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UploadRefusal("busy")), LOCK_TIMEOUT_MS);
  });
  await Promise.race([earlier.released, timeout]).finally(() => clearTimeout(timer));
}
