import { type Store, StoreError, type Uploads } from "../../store/index.js";

export interface CapacityLimits {
  /** Bytes that must stay free on the disk. */
  readonly minFree: number;
  /** Most bytes of everything that is stored; null for no limit but the disk's. */
  readonly maxStore: number | null;
  /** Most bytes of what is on its way: uploads not yet whole, and letters being received. */
  readonly maxIncoming: number;
}

/** What there is no room on, in the operator's words; null if there is room. */
export type Shortage = "disk" | "store" | "incoming" | null;

/** Milliseconds for which a count of everything in the store is still true enough: longer where counting takes long. */
const FRESH = 2_000;
const TIMES_ITS_COUNTING = 20;
const LONGEST_FRESH = 60_000;

/** Milliseconds for which what the disk has said of its free room is true enough: a small part of what must stay free is written in that time. */
const FREE_FRESH = 50;

/** Bytes of one request after which the disk is asked again whether there is room. */
const ASK_EVERY = 16 * 1024 * 1024;

/** What one request has written. */
export interface Tally {
  /** Counts `bytes`, and says whether there was room for them. */
  add(bytes: number): Promise<boolean>;
  /** It is all removed, or stored. */
  close(): void;
}

interface Figures {
  readonly stored: number;
  readonly incoming: number;
  readonly at: number;
  /** Milliseconds that they hold for. */
  readonly fresh: number;
}

/** Knows whether something more can be taken: what the disk and the quotas leave. */
export class Capacity {
  readonly #store: Store & { readonly uploads: Uploads };
  readonly #limits: CapacityLimits;
  #figures: Promise<Figures> | null = null;
  #free: { readonly bytes: Promise<number | null>; readonly at: number } | null = null;
  /** Bytes that requests under way have written. What they say they will write is not counted: saying so costs nothing. */
  #written = 0;

  constructor(store: Store & { readonly uploads: Uploads }, limits: CapacityLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** What `bytes` more would be too much for. @throws StoreError if the store does not answer */
  async shortage(bytes: number): Promise<Shortage> {
    const [free, { stored, incoming }] = await Promise.all([this.#askDisk(), this.#ask()]);
    const coming = bytes + this.#written;
    const { minFree, maxStore, maxIncoming } = this.#limits;
    if (free !== null && free - bytes < minFree) return "disk";
    if (maxStore !== null && stored + incoming + coming > maxStore) return "store";
    return incoming + coming > maxIncoming ? "incoming" : null;
  }

  /** Whether there is room to go on with something that was begun: half of what must stay free is for that. */
  async mayGoOn(bytes: number): Promise<boolean> {
    const free = await this.#askDisk();
    return free === null || free - bytes >= this.#limits.minFree / 2;
  }

  /**
   * The pieces of something that was begun, as long as there is room to go on: what many have said they will send may be more than
   * what was free when each was asked.
   * @throws StoreError `no_space`, in the middle
   */
  async *whileRoom(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let passed = 0;
    for await (const piece of pieces) {
      passed += piece.length;
      if (passed >= ASK_EVERY) {
        passed = 0;
        if (!(await this.mayGoOn(0))) throw new StoreError("no_space", "what must stay free is nearly used up");
      }
      yield piece;
    }
  }

  /** Counts what one request writes beside the store's uploads. */
  tally(): Tally {
    let own = 0;
    let asked = 0;
    return {
      add: async (bytes) => {
        own += bytes;
        this.#written += bytes;
        const { incoming } = await this.#ask();
        if (incoming + this.#written > this.#limits.maxIncoming) return false;
        if (own - asked < ASK_EVERY) return true;
        asked = own;
        return this.mayGoOn(0);
      },
      close: () => {
        this.#written -= own;
        own = 0;
      },
    };
  }

  #askDisk(): Promise<number | null> {
    const now = performance.now();
    if (this.#free !== null && now - this.#free.at < FREE_FRESH) return this.#free.bytes;
    const bytes = this.#store.free();
    this.#free = { bytes, at: now };
    bytes.catch(() => {
      this.#free = null;
    });
    return bytes;
  }

  #ask(): Promise<Figures> {
    const asked = this.#figures;
    const fresh = asked?.then((figures) => (performance.now() - figures.at < figures.fresh ? figures : null));
    this.#figures = (fresh ?? Promise.resolve(null)).then((figures) => figures ?? this.#measure());
    this.#figures.catch(() => {
      this.#figures = null;
    });
    return this.#figures;
  }

  async #measure(): Promise<Figures> {
    const begun = performance.now();
    let stored = 0;
    const counted = this.#limits.maxStore !== null;
    if (counted) for await (const { bytes } of this.#store.list()) stored += bytes;
    const incoming = await this.#store.uploads.used();
    const at = performance.now();
    return { stored, incoming, at, fresh: Math.min(LONGEST_FRESH, Math.max(FRESH, TIMES_ITS_COUNTING * (at - begun))) };
  }
}
