import { type Drafts, type Store, StoreError, type Uploads } from "../../store/index.js";
import { Holdings } from "./holdings.js";
import { relayOf } from "./relay-visitors.js";
import { UploadTable, type UploadTableLimits } from "./upload-table.js";

export interface CapacityLimits {
  /** Bytes that must stay free on the disk. */
  readonly minFree: number;
  /** Most bytes of everything that is stored; null for no limit but the disk's. */
  readonly maxStore: number | null;
  /** Most bytes of what is on its way: uploads not yet whole, and letters being received. */
  readonly maxIncoming: number;
}

/** What there is no room on, in the operator's words; null if there is room. `share`: for this visitor. */
export type Shortage = "disk" | "store" | "incoming" | "share" | null;

/** How long a count of everything in the store holds: longer where counting takes long. */
const MIN_FRESH_MS = 2_000;
const MAX_FRESH_MS = 60_000;
const TIMES_ITS_COUNTING = 20;
/** How long the disk's answer holds: a small part of what must stay free is written in that time. */
const FREE_FRESH_MS = 50;
/** Bytes of one request after which it is asked again whether there is room. */
const ASK_EVERY_BYTES = 4 * 1024 * 1024;
/** A visitor may hold so many times the room that is left: with two, at most two thirds of all. */
const TIMES_FREE = 2;
/** All who come through one relay together no more than one visitor; one of them half, so that the next finds room. */
const TIMES_FREE_IN_RELAY = 1;
/** Every visitor may hold so much, however little room is left: an upload that has begun is finished. */
const LEAST_SHARE = 1 / 64;
/** Visitors that nobody can tell apart leave an eighth to all others. */
const UNKNOWN_TIMES_FREE = 7;
const UNKNOWN_PART = 7 / 8;
const UPLOADS: UploadTableLimits = { max: 10_000, share: 500 };

/** Bytes that one request has written beside the store's uploads. */
export interface Tally {
  /** Counts `bytes`, and says whether there was room for them. */
  readonly add: (bytes: number) => Promise<boolean>;
  /** All of it is removed, or stored. */
  readonly close: () => void;
}

/** The parts of a store that tell how full it is. */
export interface MeasuredStore extends Pick<Store, "free" | "list"> {
  readonly uploads: Pick<Uploads, "used" | "discard">;
  /** Left out where only submissions are put. */
  readonly drafts?: Pick<Drafts, "used">;
}

interface Figures {
  readonly stored: number;
  readonly incoming: number;
  readonly at: number;
  readonly freshMs: number;
}

/** Knows whether more can be taken, and from whom: what the disk and the quotas leave, and what each visitor holds. */
export class Capacity {
  readonly uploads: UploadTable;
  readonly #store: MeasuredStore;
  readonly #limits: CapacityLimits;
  #figures: Promise<Figures> | null = null;
  /** Bytes that uploads have grown by since then. */
  #grown = 0;
  #free: { readonly bytes: Promise<number | null>; readonly at: number } | null = null;
  /**
   * Bytes that requests under way have written. What they say they will write is not counted: saying so costs nothing.
   */
  #written = 0;
  readonly #writtenBy = new Holdings();
  #reclaiming: Promise<boolean> | null = null;

  constructor(store: MeasuredStore, limits: CapacityLimits, uploads = UPLOADS) {
    this.#store = store;
    this.#limits = limits;
    this.uploads = new UploadTable(uploads);
  }

  /** Bytes that letters under way have written. */
  get written(): number {
    return this.#written;
  }

  /** What `bytes` more would be too much for. @throws StoreError if the store does not answer */
  async shortage(bytes: number, visitor: string | null = null): Promise<Shortage> {
    const { minFree, maxStore, maxIncoming } = this.#limits;
    const [free, { stored }, incoming] = await Promise.all([this.#askDisk(), this.#ask(), this.#incoming(visitor)]);
    if (free !== null && free - bytes < minFree) return "disk";
    if (maxStore !== null && stored + incoming + bytes > maxStore) return "store";
    return incoming + bytes > maxIncoming ? "incoming" : null;
  }

  /** The same for `bytes` more of `visitor`. Where others hold the room without going on, they give way. */
  async shortageFor(visitor: string | null, bytes: number): Promise<Shortage> {
    for (;;) {
      const shortage = (await this.shortage(bytes, visitor)) ?? (await this.#overShare(visitor, bytes));
      if (shortage === null || shortage === "share" || !(await this.#reclaim(bytes))) return shortage;
    }
  }

  /** Whether `visitor` may begin one more upload. Where there are too many, one that does not go on gives way. */
  async mayBegin(visitor: string | null): Promise<boolean> {
    if (this.uploads.mayBegin(visitor)) return true;
    const [idle] = this.uploads.idle();
    if (idle === undefined) return false;
    await this.#giveUp(idle);
    return this.uploads.mayBegin(visitor);
  }

  /** Whether there is room to go on with what was begun: half of what must stay free is for that. */
  async mayGoOn(bytes: number): Promise<boolean> {
    const free = await this.#askDisk();
    return free === null || free - bytes >= this.#limits.minFree / 2;
  }

  /**
   * The pieces of the upload `id`, as long as there is room to go on.
   * @throws StoreError `no_space`, in the middle
   */
  async *whileRoom(id: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const visitor = this.uploads.visitorOf(id);
    let passed = ASK_EVERY_BYTES;
    for await (const piece of pieces) {
      passed += piece.length;
      if (passed >= ASK_EVERY_BYTES) {
        passed = 0;
        if (!(await this.#mayGrow(visitor, piece.length)))
          throw new StoreError("no_space", "there is no room to go on");
      }
      this.uploads.grow(id, piece.length);
      this.#grown += piece.length;
      yield piece;
    }
  }

  /** Counts what one request of `visitor` writes beside the store's uploads. */
  tally(visitor: string | null): Tally {
    let own = 0;
    let asked = 0;
    const count = (bytes: number) => {
      own += bytes;
      this.#written += bytes;
      this.#writtenBy.add(visitor, bytes);
    };
    return {
      add: async (bytes) => {
        count(bytes);
        if ((await this.#incoming(visitor)) > this.#limits.maxIncoming) {
          return (await this.shortageFor(visitor, 0)) === null;
        }
        if (own - asked < ASK_EVERY_BYTES) return true;
        asked = own;
        return this.#mayGrow(visitor, 0);
      },
      close: () => count(-own),
    };
  }

  /** What was begun may be finished, over the quota of what is on its way too, but for who holds more than a share. */
  async #mayGrow(visitor: string | null, bytes: number): Promise<boolean> {
    if (!(await this.mayGoOn(bytes))) return false;
    return visitor === null || (await this.#overShare(visitor, bytes)) === null;
  }

  async #overShare(visitor: string | null, bytes: number): Promise<Shortage> {
    const relay = relayOf(visitor);
    if (this.#heldBy(relay ?? visitor) === 0) return null;
    const room = await this.#room(visitor);
    const isOver = (holder: string | null, times: number) => {
      const own = this.#heldBy(holder);
      return own > 0 && own + bytes > Math.max(this.#limits.maxIncoming * LEAST_SHARE, times * room);
    };
    if (relay === null) return isOver(visitor, visitor === null ? UNKNOWN_TIMES_FREE : TIMES_FREE) ? "share" : null;
    return isOver(relay, TIMES_FREE) || isOver(visitor, TIMES_FREE_IN_RELAY) ? "share" : null;
  }

  /** @param holder a visitor or a relay */
  #heldBy(holder: string | null): number {
    return this.uploads.bytesOf(holder) + this.#writtenBy.of(holder);
  }

  /** Bytes on their way. To somebody who can be told apart, all those who cannot count for their part at most. */
  async #incoming(visitor: string | null): Promise<number> {
    const { maxIncoming } = this.#limits;
    const all = (await this.#ask()).incoming + this.#written + this.#grown;
    return visitor === null ? all : all - Math.max(0, this.#heldBy(null) - maxIncoming * UNKNOWN_PART);
  }

  /** Bytes that can still be taken, by whichever limit is the closest. */
  async #room(visitor: string | null): Promise<number> {
    const { minFree, maxStore, maxIncoming } = this.#limits;
    const [free, { stored }, incoming] = await Promise.all([this.#askDisk(), this.#ask(), this.#incoming(visitor)]);
    return Math.min(
      maxIncoming - incoming,
      free === null ? Number.POSITIVE_INFINITY : free - minFree,
      maxStore === null ? Number.POSITIVE_INFINITY : maxStore - stored - incoming,
    );
  }

  /** Gives up uploads that do not go on until `bytes` are free. Returns whether any was given up. */
  #reclaim(bytes: number): Promise<boolean> {
    this.#reclaiming ??= this.#reclaimNow(bytes).finally(() => {
      this.#reclaiming = null;
    });
    return this.#reclaiming;
  }

  async #reclaimNow(bytes: number): Promise<boolean> {
    let some = false;
    for (const id of this.uploads.idle()) {
      await this.#giveUp(id);
      some = true;
      if ((await this.shortage(bytes)) === null) break;
    }
    return some;
  }

  async #giveUp(id: string): Promise<void> {
    this.uploads.end(id);
    await this.#store.uploads.discard(id).catch(() => undefined);
    this.#figures = null;
    this.#free = null;
  }

  #askDisk(): Promise<number | null> {
    const now = performance.now();
    if (this.#free !== null && now - this.#free.at < FREE_FRESH_MS) return this.#free.bytes;
    const bytes = this.#store.free();
    this.#free = { bytes, at: now };
    bytes.catch(() => {
      this.#free = null;
    });
    return bytes;
  }

  #ask(): Promise<Figures> {
    const asked = this.#figures;
    const fresh = asked?.then((figures) => (performance.now() - figures.at < figures.freshMs ? figures : null));
    this.#figures = (fresh ?? Promise.resolve(null)).then((figures) => figures ?? this.#measure());
    this.#figures.catch(() => {
      this.#figures = null;
    });
    return this.#figures;
  }

  async #measure(): Promise<Figures> {
    const begun = performance.now();
    const grownBefore = this.#grown;
    let stored = 0;
    const counted = this.#limits.maxStore !== null;
    if (counted) for await (const { bytes } of this.#store.list()) stored += bytes;
    if (counted) stored += (await this.#store.drafts?.used()) ?? 0;
    const incoming = await this.#store.uploads.used();
    this.#grown -= grownBefore;
    const at = performance.now();
    const freshMs = Math.min(MAX_FRESH_MS, Math.max(MIN_FRESH_MS, TIMES_ITS_COUNTING * (at - begun)));
    return { stored, incoming, at, freshMs };
  }
}
