import type { Parameters } from "fast-check";

const DEFAULT_SEED = 20_260_401;

/** The seed of everything random in the tests: POSTERN_TEST_SEED, or always the same. */
export const SEED = readSeed(process.env.POSTERN_TEST_SEED);

/** For a test's name, so that a failure says how to repeat it. */
export const WITH_SEED = `(POSTERN_TEST_SEED=${SEED})`;

function readSeed(given: string | undefined): number {
  if (given === undefined || given === "") return DEFAULT_SEED;
  const seed = Number(given);
  if (!Number.isInteger(seed)) throw new Error(`POSTERN_TEST_SEED must be a whole number, got ${given}`);
  return seed | 0;
}

/** Most runs of one property. Only `npm run mutants` sets it: each mutant would wait for all of them. */
const MAX_RUNS = Number(process.env.POSTERN_TEST_MAX_RUNS ?? Number.POSITIVE_INFINITY);

/** Parameters for `fc.assert`. */
export function seeded<Values>(numRuns: number): Parameters<Values> {
  if (numRuns <= MAX_RUNS) return { seed: SEED, numRuns };
  // Nobody reads the counterexample, so none is made small.
  return { seed: SEED, numRuns: MAX_RUNS, endOnFailure: true };
}

/** A small generator (mulberry32) for sizes and bytes in tests. Never for secrets. */
export class Random {
  #state: number;

  /** @param label tells apart the sequences that different tests draw from one seed */
  constructor(label: string) {
    this.#state = SEED;
    for (const character of label) this.#state = Math.imul(this.#state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }

  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return from + (this.#next() % (to - from + 1));
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) bytes[index] = this.#next() >>> 24;
    return bytes;
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  }
}
