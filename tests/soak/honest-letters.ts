import { createHash } from "node:crypto";
import { LEFT_BEHIND, upload } from "../../src/client/upload.js";
import { checkRecipient, readCertificates } from "../../src/openpgp/index.js";
import { submissionMessage } from "../support/message.js";
import { formOf } from "../support/portal.js";
import { Random } from "../support/seed.js";
import { uploadOptions } from "../support/upload-options.js";

const PATIENCE_MS = 120_000;
const MAX_DOCUMENT = 1_000_000;

/**
 * What the writer was told: a receipt; a refusal, after which nothing may be stored; or nothing, since the line broke
 * or the writer left.
 */
export type Outcome = "receipt" | "refused" | "unknown";

/** A letter as it was sent, known by its text. */
export interface SentLetter {
  readonly text: string;
  readonly outcome: Outcome;
  /** Of the document that a letter without JavaScript carries. */
  readonly sha256: string | null;
  readonly receiptCode: string | null;
}

/** Writes letters of every kind to the portal at `url()`, one after the other, as the seed says. */
export class HonestWriter {
  readonly #url: () => string;
  readonly #random: Random;
  readonly #name: string;
  #count = 0;

  constructor(name: string, url: () => string) {
    this.#name = name;
    this.#url = url;
    this.#random = new Random(`soak ${name}`);
  }

  /** Milliseconds until this writer's next letter. */
  pauseMs(): number {
    return this.#random.integer(500, 6_000);
  }

  /** Begins the next letter. Its text is known at once: it may be found before its writer is answered. */
  next(): { readonly text: string; readonly outcome: Promise<SentLetter> } {
    this.#count += 1;
    const text = `${this.#name}, letter ${this.#count}`;
    const kind = this.#random.integer(1, 10);
    return { text, outcome: kind <= 4 ? this.#byForm(text) : this.#byClient(text, kind === 10) };
  }

  async #byForm(text: string): Promise<SentLetter> {
    const document = this.#random.bytes(this.#random.integer(0, MAX_DOCUMENT));
    const sha256 = createHash("sha256").update(document).digest("hex");
    const letter = { text, sha256, receiptCode: null };
    try {
      const body = formOf({ message: text }, [new File([document], "документ.bin")]);
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(new URL("/en/submit", this.#url()), { method: "POST", body, signal });
      const page = await answer.text();
      if (answer.status !== 200) return { ...letter, outcome: "refused" };
      const code = /class="receipt-code"[\s\S]*?((?:\d{4}\D+){4}\d{4})/.exec(page)?.[1]?.replace(/\D/g, "") ?? null;
      return { ...letter, outcome: code === null ? "unknown" : "receipt", receiptCode: code };
    } catch {
      return { ...letter, outcome: "unknown" };
    }
  }

  /** A person has the page, and with it the keys, before a portal goes away. */
  async #keys(): Promise<string> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const keys = await fetch(new URL("/keys.asc", this.#url()), { signal }).catch(() => null);
      if (keys?.ok === true) return keys.text();
      if (performance.now() > end) throw new Error("no keys");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** @param leaves whether the writer closes the page when half of it is sent */
  async #byClient(text: string, leaves: boolean): Promise<SentLetter> {
    const letter = { text, sha256: null, receiptCode: null };
    const size = this.#random.integer(0, MAX_DOCUMENT);
    try {
      const certificates = await readCertificates(await this.#keys());
      const [first, ...others] = await Promise.all(certificates.map((each) => checkRecipient(each, new Date())));
      if (first === undefined) return { ...letter, outcome: "refused" };
      const bytes = await submissionMessage([first, ...others], size, text);
      const leaving = new AbortController();
      const onProgress = (sent: number) => {
        if (leaves && sent > bytes.length / 2) leaving.abort(LEFT_BEHIND);
      };
      const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(PATIENCE_MS)]);
      await upload(new Blob([new Uint8Array(bytes)]).stream(), uploadOptions(this.#url(), { signal, onProgress }));
      return { ...letter, outcome: "receipt" };
    } catch {
      return { ...letter, outcome: "unknown" };
    }
  }
}
