/** What a guess at the remaining time looks back on. */
const WINDOW_MS = 20_000;
/** No guess before this much has been seen. */
const LEAST_MS = 4_000;

/** Guesses, from the last seconds, how long the rest of an upload will take. */
export class Remaining {
  #seen: { readonly at: number; readonly sent: number }[] = [];

  /** Milliseconds still to go when `sent` of `total` bytes have gone at the moment `now`, or null while nobody can know. */
  after(sent: number, total: number, now: number): number | null {
    this.#seen = [...this.#seen.filter(({ at }) => now - at <= WINDOW_MS), { at: now, sent }];
    const [first] = this.#seen;
    if (first === undefined || now - first.at < LEAST_MS || sent <= first.sent) return null;
    return ((total - sent) * (now - first.at)) / (sent - first.sent);
  }

  /** The line was broken or the person paused: what went before tells nothing. */
  forget(): void {
    this.#seen = [];
  }
}
