import { createHmac, randomBytes } from "node:crypto";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { type Account, passphraseMatches } from "./account.js";
import { isSame } from "./sessions.js";
import type { Staff } from "./staff.js";

export interface Credentials {
  readonly name: string;
  readonly passphrase: string;
  /** Six digits. */
  readonly code: string;
  /** What the browser was given when its owner last signed in; null for a browser that is new to us. */
  readonly device: string | null;
}

export type Verdict =
  | { readonly kind: "welcome"; readonly account: Account; readonly device: string }
  /** `code`: whether the code at least was good, so that it is not just anybody who asks. */
  | { readonly kind: "refused"; readonly code: boolean }
  /** Too many wrong passphrases; the seconds until the next may be tried. */
  | { readonly kind: "wait"; readonly seconds: number };

/** Wrong passphrases that one account may have in a quarter of an hour, from browsers that are new to us or from one that is not. */
const TRIES = { points: 5, duration: 15 * 60 };
/** Requests of all browsers that are new to us together, in a second. */
const STRANGERS = { points: 50, duration: 1 };
/** Passphrases that are hashed at one time, of all accounts together: each takes 64 MiB. */
const PARALLEL = 2;

/**
 * Lets staff in. The code is looked at first, and costs nothing: who does not have it never comes to the passphrase, so
 * that an outsider can neither use up an account's tries nor make the server hash. Somebody who has guessed a code may;
 * so a browser that its owner has signed in with before has tries of its own, which nobody else can use up.
 */
export class Doorkeeper {
  readonly #staff: Staff;
  readonly #now: () => Date;
  readonly #tries = new RateLimiterMemory(TRIES);
  readonly #strangers = new RateLimiterMemory(STRANGERS);
  readonly #deviceKey = randomBytes(32);
  readonly #waiting: (() => void)[] = [];
  #hashing = 0;

  constructor(staff: Staff, now: () => Date) {
    this.#staff = staff;
    this.#now = now;
  }

  async ask({ name, passphrase, code, device }: Credentials): Promise<Verdict> {
    const known = device !== null && isSame(device, this.#device(name, device.split(".")[0] ?? ""));
    if (!known && !(await this.#admits())) return { kind: "wait", seconds: 1 };
    const account = await this.#staff.spendCode(name, code, this.#now());
    if (account === null) return { kind: "refused", code: false };
    const bucket = known ? `${name} ${device}` : name;
    const tries = await this.#tries.get(bucket);
    if (tries !== null && tries.consumedPoints >= TRIES.points) {
      return { kind: "wait", seconds: Math.ceil(tries.msBeforeNext / 1000) };
    }
    // Counted before it is known to be wrong: many at once must not all pass.
    await this.#tries.penalty(bucket, 1);
    if (!(await this.#hash(() => passphraseMatches(account, passphrase)))) return { kind: "refused", code: true };
    await this.#tries.delete(bucket);
    return { kind: "welcome", account, device: known ? device : this.#device(name, randomBytes(16).toString("hex")) };
  }

  async #admits(): Promise<boolean> {
    return this.#strangers.consume("all").then(
      () => true,
      () => false,
    );
  }

  #device(name: string, id: string): string {
    return `${id}.${createHmac("sha256", this.#deviceKey).update(`${name} ${id}`).digest("hex")}`;
  }

  async #hash(work: () => Promise<boolean>): Promise<boolean> {
    while (this.#hashing >= PARALLEL) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#hashing += 1;
    try {
      return await work();
    } finally {
      this.#hashing -= 1;
      this.#waiting.shift()?.();
    }
  }
}
