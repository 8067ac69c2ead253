import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";

/** A browser may send the same form again for so long, by a second click or by reloading the receipt. */
const REPEAT_MS = 10 * 60 * 1000;
const MAX_ENTRIES = 20_000;
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What the receipt of a kept letter says. */
export interface KeptLetter {
  /** The new receipt code; null for a follow-up, whose code is known. */
  readonly code: string | null;
  readonly documents: number;
}

interface Entry {
  readonly digest: string;
  readonly at: number;
  /** Null when the letter was not kept. */
  readonly outcome: Promise<Buffer | null>;
}

/**
 * Makes the same letter sent twice from one page one letter, with one receipt. A receipt is kept for ten minutes, in
 * memory, encrypted under the token of its page, which is forgotten here: only who has the page can have it shown
 * again.
 */
export class SentLetters {
  /** By the digest of the page's token, in the order of their coming. */
  readonly #entries = new Map<string, Entry>();
  readonly #key = randomBytes(32);

  get size(): number {
    return this.#entries.size;
  }

  /**
   * What became of the letter that this page has sent already, word for word; null if it has not, or that was refused.
   * @param contents everything that was sent, in one form
   */
  async repeated(token: string, contents: string): Promise<KeptLetter | null> {
    this.#forget();
    const entry = this.#entries.get(nameOf(token));
    if (entry?.digest !== this.#digest(contents)) return null;
    const sealed = await entry.outcome.catch(() => null);
    return sealed === null ? null : unseal(sealed, token);
  }

  /** Remembers the letter while `kept` is under way, and afterwards if it resolves to a receipt. */
  remember(token: string, contents: string, kept: Promise<KeptLetter | null>): void {
    const name = nameOf(token);
    const outcome = kept.then((letter) => (letter === null ? null : seal(letter, token)));
    const entry = { digest: this.#digest(contents), at: performance.now(), outcome };
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    const drop = () => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    };
    outcome.then((sealed) => sealed === null && drop(), drop);
  }

  #digest(contents: string): string {
    return createHmac("sha256", this.#key).update(contents).digest("base64");
  }

  #forget(): void {
    const oldest = performance.now() - REPEAT_MS;
    for (const [name, { at }] of this.#entries) {
      if (at > oldest && this.#entries.size <= MAX_ENTRIES) return;
      this.#entries.delete(name);
    }
  }
}

function nameOf(token: string): string {
  return createHash("sha256").update(`name ${token}`).digest("base64");
}

function keyOf(token: string): Buffer {
  return createHash("sha256").update(`key ${token}`).digest();
}

function seal(letter: KeptLetter, token: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(token), iv);
  const sealed = [iv, cipher.update(JSON.stringify(letter), "utf8"), cipher.final()];
  return Buffer.concat([...sealed, cipher.getAuthTag()]);
}

function unseal(sealed: Buffer, token: string): KeptLetter {
  const decipher = createDecipheriv(CIPHER, keyOf(token), sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString(
    "utf8",
  );
  return JSON.parse(text) as KeptLetter;
}
