import { DAY_MS } from "../../core/index.js";
import type { Submissions } from "../../store/index.js";
import type { Notice } from "./recipients.js";

/**
 * The moment whose keys letters are encrypted to. It never goes back: staff may have burnt the key of a month that an
 * earlier moment belongs to, and a letter that is encrypted to it is lost.
 */
export class KeyClock {
  readonly #now: () => Date;
  readonly #newest: Date | null;
  #latest: number;

  /** @param newest the day of the newest submission in the store, as YYYY-MM-DD; null if there is none */
  constructor(now: () => Date, newest: string | null = null) {
    this.#now = now;
    this.#newest = newest === null ? null : new Date(`${newest}T00:00:00Z`);
    this.#latest = this.#newest?.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  readonly now = (): Date => {
    this.#latest = Math.max(this.#latest, this.#now().getTime());
    return new Date(this.#latest);
  };

  /** Says that the machine's clock is behind the store by a day or more. */
  notice(): Notice | null {
    if (this.#newest === null || this.#newest.getTime() - this.#now().getTime() < DAY_MS) return null;
    return {
      message: "the newest letter in the store is of a later day than this machine's clock shows",
      cure: "set the clock; until it has caught up, letters are encrypted to the keys of that later day",
    };
  }
}

/** The day of the newest submission, or null. @throws StoreError */
export async function newestDay(store: Pick<Submissions, "list">): Promise<string | null> {
  let newest: string | null = null;
  for await (const { day } of store.list()) newest = day;
  return newest;
}
