import { Holdings } from "./holdings.js";
import { SharedPool } from "./shared-pool.js";

/** An upload without a request for so long may be given up where there is no room. */
const IDLE_MS = 5_000;

interface Entry {
  readonly visitor: string | null;
  bytes: number;
  /** Requests under way for it. */
  active: number;
  /** When the last of them ended, by performance.now(). */
  idleSince: number;
}

export interface UploadTableLimits {
  /** Uploads under way, in all and of one visitor. */
  readonly max: number;
  readonly share: number;
}

/** Who holds how much of what is on its way, by upload. Forgotten when the process ends; then an upload is nobody's. */
export class UploadTable {
  readonly #entries = new Map<string, Entry>();
  readonly #bytes = new Holdings();
  readonly #count: SharedPool;
  #active = 0;

  constructor(limits: UploadTableLimits) {
    this.#count = new SharedPool(limits);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Requests under way for all of them. */
  get active(): number {
    return this.#active;
  }

  /** Bytes that uploads of a visitor, or of all a relay's, have brought and that are not stored yet. */
  bytesOf(holder: string | null): number {
    return this.#bytes.of(holder);
  }

  /** Whether `visitor` may begin one more. */
  mayBegin(visitor: string | null): boolean {
    return this.#count.refusal(visitor, 1) === null;
  }

  begin(id: string, visitor: string | null, bytes = 0): void {
    if (this.#entries.has(id)) return;
    this.#count.add(visitor, 1);
    this.#entries.set(id, { visitor, bytes: 0, active: 0, idleSince: performance.now() });
    this.grow(id, bytes);
  }

  /** Who began it; null if nobody knows. */
  visitorOf(id: string): string | null {
    return this.#entries.get(id)?.visitor ?? null;
  }

  grow(id: string, bytes: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.bytes += bytes;
    this.#bytes.add(entry.visitor, bytes);
  }

  /** Has a request under way for it. @returns how to end that */
  use(id: string): () => void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return () => undefined;
    entry.active += 1;
    this.#active += 1;
    return () => {
      entry.active -= 1;
      this.#active -= 1;
      entry.idleSince = performance.now();
    };
  }

  end(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#count.give(entry.visitor, 1);
    this.#bytes.add(entry.visitor, -entry.bytes);
  }

  /** Forgets those that have been idle for so long that the store has removed them. */
  expire(idleMs: number): void {
    const now = performance.now();
    for (const [id, { active, idleSince }] of this.#entries) {
      if (active === 0 && now - idleSince >= idleMs) this.end(id);
    }
  }

  /** The uploads to give up where there is no room, first those that have held most for longest without going on. */
  idle(): string[] {
    const now = performance.now();
    const weight = ({ bytes, idleSince }: Entry) => (bytes + 1) * (now - idleSince);
    return [...this.#entries]
      .filter(([, { active, idleSince }]) => active === 0 && now - idleSince >= IDLE_MS)
      .sort(([, left], [, right]) => weight(right) - weight(left))
      .map(([id]) => id);
  }
}
