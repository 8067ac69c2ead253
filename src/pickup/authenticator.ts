import { RateLimiterMemory } from "rate-limiter-flexible";
import { type Account, passphraseMatches } from "./account.js";
import type { KnownBrowsers } from "./known-browsers.js";
import type { Staff } from "./staff.js";

export interface Credentials {
  readonly name: string;
  readonly passphrase: string;
  /** Six digits. */
  readonly code: string;
  /** The device token that the browser got when this person last signed in; null for a new browser. */
  readonly device: string | null;
}

export type SignInOutcome =
  | { readonly kind: "signed_in"; readonly account: Account; readonly device: string }
  /** `code`: whether the code was right, so that this was not just anybody. */
  | { readonly kind: "refused"; readonly code: boolean }
  /** Rate-limited; seconds until the next attempt. */
  | { readonly kind: "wait"; readonly seconds: number };

/** Wrong passphrases per account in 15 minutes: from all new browsers together, and from each known one. */
const PASSPHRASE_LIMIT = { points: 5, duration: 15 * 60 };
/** Attempts per second from all new browsers together. */
const NEW_BROWSER_LIMIT = { points: 50, duration: 1 };
/** Passphrases hashed at the same time: each takes 64 MiB. */
const MAX_CONCURRENT_HASHES = 2;

/**
 * Checks credentials, the code first, which is cheap. Without a right code an outsider can neither use up an account's
 * attempts nor make the server hash. With a guessed one they can, so each browser from which the person has signed in
 * before has attempts that nobody else can use up.
 */
export class Authenticator {
  readonly #staff: Staff;
  readonly #browsers: KnownBrowsers;
  readonly #now: () => Date;
  readonly #wrongPassphrases = new RateLimiterMemory(PASSPHRASE_LIMIT);
  readonly #newBrowsers = new RateLimiterMemory(NEW_BROWSER_LIMIT);
  readonly #waiting: (() => void)[] = [];
  #hashing = 0;

  constructor(staff: Staff, browsers: KnownBrowsers, now: () => Date) {
    this.#staff = staff;
    this.#browsers = browsers;
    this.#now = now;
  }

  /** Uses up the code, if it is right. @throws StaffFolderError */
  async authenticate({ name, passphrase, code, device }: Credentials): Promise<SignInOutcome> {
    const claimed = await this.#staff.find(name);
    const known = device !== null && (await this.#browsers.knows(claimed, device)) ? device : null;
    if (known === null && !(await this.#admitsNewBrowser())) return { kind: "wait", seconds: 1 };
    const account = await this.#staff.spendCode(name, code, this.#now());
    if (account === null) return { kind: "refused", code: false };
    const bucket = known === null ? account.id : `${account.id} ${known.split(".")[0]}`;
    const wrong = await this.#wrongPassphrases.get(bucket);
    if (wrong !== null && wrong.consumedPoints >= PASSPHRASE_LIMIT.points) {
      return { kind: "wait", seconds: Math.ceil(wrong.msBeforeNext / 1000) };
    }
    // Counted before the hash is known, so that parallel attempts cannot exceed the limit.
    await this.#wrongPassphrases.penalty(bucket, 1);
    if (!(await this.#hash(() => passphraseMatches(account, passphrase)))) return { kind: "refused", code: true };
    await this.#wrongPassphrases.delete(bucket);
    return { kind: "signed_in", account, device: await this.#browsers.issue(account, known) };
  }

  async #admitsNewBrowser(): Promise<boolean> {
    return this.#newBrowsers.consume("all").then(
      () => true,
      () => false,
    );
  }

  async #hash(work: () => Promise<boolean>): Promise<boolean> {
    while (this.#hashing >= MAX_CONCURRENT_HASHES) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#hashing += 1;
    try {
      return await work();
    } finally {
      this.#hashing -= 1;
      this.#waiting.shift()?.();
    }
  }
}
