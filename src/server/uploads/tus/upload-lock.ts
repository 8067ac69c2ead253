import { UploadRefusal } from "./upload-refusal.js";

/** Milliseconds that a request may go on when another comes for the same upload: the line that it came over is likely dead. */
const GRACE = 3_000;
/** Milliseconds that the other waits. */
const PATIENCE = 30_000;

/** One request's turn with an upload. */
class Turn {
  readonly ended: Promise<void>;
  readonly #cut: () => void;
  #end: () => void = () => undefined;
  #grace: NodeJS.Timeout | null = null;

  constructor(cut: () => void) {
    this.#cut = cut;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  giveWay(): void {
    this.#grace ??= setTimeout(this.#cut, GRACE);
  }

  end(): void {
    if (this.#grace !== null) clearTimeout(this.#grace);
    this.#end();
  }
}

/** Lets one request at a time look at an upload or add to it. */
export class Turns {
  readonly #last = new Map<string, Turn>();

  /**
   * Does `work` when those before have ended.
   * @param cut ends a request that does not end by itself, because another waits for its upload
   * @throws UploadRefusal `busy` where those before do not end
   */
  async take<Value>(id: string, cut: () => void, work: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(id);
    const turn = new Turn(cut);
    this.#last.set(id, turn);
    try {
      if (before !== undefined) await endOf(before);
      return await work();
    } finally {
      // Who gave up waiting leaves those behind it to wait for those before it.
      const last = () => {
        turn.end();
        if (this.#last.get(id) === turn) this.#last.delete(id);
      };
      if (before === undefined) last();
      else void before.ended.then(last);
    }
  }
}

async function endOf(before: Turn): Promise<void> {
  before.giveWay();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UploadRefusal("busy")), PATIENCE);
  });
  await Promise.race([before.ended, late]).finally(() => clearTimeout(timer));
}
