import type { Store, Uploads } from "../../store/index.js";

export interface SpaceLimits {
  /** Octets that must stay free on the disk. */
  readonly minFree: number;
  /** Most octets of everything that is stored; null for no limit but the disk's. */
  readonly maxStore: number | null;
  /** Most octets of what is on its way: uploads not yet whole, and letters being received. */
  readonly maxIncoming: number;
}

/** What there is no room on, in the operator's words; null if there is room. */
export type Shortage = "disk" | "store" | "incoming" | null;

/** Milliseconds for which a count of everything in the store is still true enough. */
const FRESH = 2_000;

interface Figures {
  readonly stored: number;
  readonly incoming: number;
  readonly at: number;
}

/** Knows whether something more can be taken: of what the disk and the quotas leave, what was promised before is not free. */
export class Space {
  readonly #store: Store & { readonly uploads: Uploads };
  readonly #limits: SpaceLimits;
  #figures: Promise<Figures> | null = null;
  /** Octets that requests under way may still write. */
  #promised = 0;

  constructor(store: Store & { readonly uploads: Uploads }, limits: SpaceLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** What `octets` more would be too much for. @throws StoreError if the store does not answer */
  async shortage(octets: number): Promise<Shortage> {
    const [free, { stored, incoming }] = await Promise.all([this.#store.free(), this.#ask()]);
    const coming = octets + this.#promised;
    const { minFree, maxStore, maxIncoming } = this.#limits;
    if (free !== null && free - coming < minFree) return "disk";
    if (maxStore !== null && stored + incoming + coming > maxStore) return "store";
    return incoming + coming > maxIncoming ? "incoming" : null;
  }

  /** Whether there is room to go on with something that was begun: half of what must stay free is for that. */
  async mayGoOn(octets: number): Promise<boolean> {
    const free = await this.#store.free();
    return free === null || free - octets >= this.#limits.minFree / 2;
  }

  /** Keeps room for `octets`. @returns how to give it back, once they are written or will not be */
  promise(octets: number): () => void {
    let kept = octets;
    this.#promised += kept;
    return () => {
      this.#promised -= kept;
      kept = 0;
    };
  }

  #ask(): Promise<Figures> {
    const asked = this.#figures;
    const fresh = asked?.then((figures) => (performance.now() - figures.at < FRESH ? figures : null));
    this.#figures = (fresh ?? Promise.resolve(null)).then((figures) => figures ?? this.#measure());
    this.#figures.catch(() => {
      this.#figures = null;
    });
    return this.#figures;
  }

  async #measure(): Promise<Figures> {
    let stored = 0;
    const counted = this.#limits.maxStore !== null;
    if (counted) for await (const { bytes } of this.#store.list()) stored += bytes;
    return { stored, incoming: await this.#store.uploads.used(), at: performance.now() };
  }
}
