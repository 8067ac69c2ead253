/** Only the rate of the last seconds counts. */
const WINDOW_MS = 20_000;
/** No estimate before this much has been observed. */
const MIN_OBSERVED_MS = 4_000;

/** Estimates, from the recent rate, how long the rest of an upload will take. */
export class TimeRemaining {
  #seen: { readonly at: number; readonly sent: number }[] = [];

  /** Milliseconds left when `sent` of `total` bytes are sent at time `now`, in ms; null if there is no estimate. */
  after(sent: number, total: number, now: number): number | null {
    this.#seen = [...this.#seen.filter(({ at }) => now - at <= WINDOW_MS), { at: now, sent }];
    const [first] = this.#seen;
    if (first === undefined || now - first.at < MIN_OBSERVED_MS || sent <= first.sent) return null;
    return ((total - sent) * (now - first.at)) / (sent - first.sent);
  }

  /** Call after a break or a pause: the rate before it says nothing. */
  reset(): void {
    this.#seen = [];
  }
}
