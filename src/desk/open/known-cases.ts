import { addressKey, type CaseRecord, encryptedIn } from "../../cases/index.js";

/** The folders of opened submissions, in memory. Knows nothing of the disk. */
export class KnownCases {
  /** Folders by the SHA-256 of the file they were opened from. */
  readonly #byDigest = new Map<string, string>();
  /** Folders of first cases by reply address. */
  readonly #firstCases = new Map<string, string>();
  /** Folders of mails, by the case id of what was encrypted in them. */
  readonly #mails = new Map<string, string>();
  /** Follow-ups without their first case, and what may have been encrypted in a mail, by folder. */
  readonly #alone = new Map<string, CaseRecord>();

  /** The folder that the file with this digest was opened into, or null. */
  find(sha256: string): string | null {
    return this.#byDigest.get(sha256) ?? null;
  }

  /** The folder of the case that a follow-up, or a message encrypted in a mail, belongs to. */
  firstCaseOf(record: CaseRecord): string | undefined {
    if (record.foreign) return this.#mails.get(record.caseId);
    return record.followUp ? this.#firstCases.get(addressKey(record)) : undefined;
  }

  addDigest(sha256: string, folder: string): void {
    this.#byDigest.set(sha256, folder);
  }

  /** Adds a folder that does not lie in a first case. The first of several cases with one address is the first case. */
  add(folder: string, record: CaseRecord): void {
    for (const id of encryptedIn(record)) if (!this.#mails.has(id)) this.#mails.set(id, folder);
    if (record.followUp || record.foreign) this.#alone.set(folder, record);
    else if (record.address !== null && !this.#firstCases.has(addressKey(record))) {
      this.#firstCases.set(addressKey(record), folder);
    }
  }

  /** Folders of submissions that lie alone although the case that they belong to is known. */
  strays(): string[] {
    return [...this.#alone].flatMap(([folder, record]) => (this.firstCaseOf(record) === undefined ? [] : [folder]));
  }

  /** Removes and returns the record of a submission that lies alone. */
  takeAlone(folder: string): CaseRecord | undefined {
    const record = this.#alone.get(folder);
    this.#alone.delete(folder);
    return record;
  }

  moved(from: string, to: string): void {
    for (const [sha256, known] of this.#byDigest) if (known === from) this.#byDigest.set(sha256, to);
  }
}
