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

/** A clock that was set once, and goes on whatever happens to the device's. */
export class SetClock {
  readonly #start: number;
  readonly #set = performance.now();

  /** @param start what time it is, in milliseconds */
  constructor(start: number) {
    this.#start = start;
  }

  now(): Date {
    return new Date(this.#start + performance.now() - this.#set);
  }
}
