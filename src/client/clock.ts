import { DAY_MS } from "../core/index.js";

/** What time it is by the device and by the server, in milliseconds; null where no server said. */
export interface Clocks {
  readonly here: number;
  readonly there: number | null;
}

/** Clocks that differ by less agree: a certificate is valid for months. */
const TOLERANCE_MS = 10 * 60 * 1000;

/** The server's time by its answer: the `Date` header, and how long a cache has held it (RFC 9111 section 5.1). */
export function serverTime(headers: Headers): number | null {
  const sent = Date.parse(headers.get("Date") ?? "");
  if (Number.isNaN(sent)) return null;
  const age = Number(headers.get("Age") ?? 0);
  return sent + (Number.isFinite(age) && age > 0 ? age * 1000 : 0);
}

/** Two months: a server that is further behind has worse faults, and a device that is further ahead is wrong. */
const MAX_AHEAD_MS = 62 * DAY_MS;
/** A clock may be set to another day. */
const ONE_DAY_OFF_MS = 36 * 60 * 60 * 1000;

/**
 * Later times to judge certificates by that have a key for each month. Of two months the later one is always safe: its
 * key is burnt later. So where the device's clock is ahead of the time that was chosen, it counts; and where no key has
 * begun by the device's clock, a day later counts.
 */
export function laterTimes({ here }: Clocks, chosen: number | null): readonly number[] {
  if (chosen === null) return [here + ONE_DAY_OFF_MS];
  return here > chosen && here - chosen < MAX_AHEAD_MS ? [here] : [];
}

export function disagree({ here, there }: Clocks): boolean {
  return there !== null && Math.abs(here - there) > TOLERANCE_MS;
}

/**
 * The times to judge certificates by, the first one that they are valid at being the right one. Where the clocks
 * disagree, only the server's counts: it judges the certificates by the same one.
 * @param notBefore when somebody last signed one of them: a server whose clock is behind that is wrong
 */
export function timesToTry({ here, there }: Clocks, notBefore: number): readonly number[] {
  if (there === null || there < notBefore) return [here];
  return disagree({ here, there }) ? [there] : [here, there];
}

/** A device that slept longer is asked to load the page anew by what has expired. */
const MAX_SLEEP_MS = 60 * DAY_MS;

/** A clock that was set once, and goes on whatever happens to the device's, also while it sleeps. */
export class SetClock {
  readonly #start: number;
  readonly #set = performance.now();
  readonly #here = Date.now();

  /** @param start what time it is, in milliseconds */
  constructor(start: number) {
    this.#start = start;
  }

  now(): Date {
    const awake = performance.now() - this.#set;
    // Some browsers stop the monotonic clock while the device sleeps. A page left open must not stay in its month.
    const passed = Date.now() - this.#here;
    return new Date(this.#start + (passed > awake && passed < MAX_SLEEP_MS ? passed : awake));
  }
}
