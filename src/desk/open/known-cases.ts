import { addressKey, type CaseRecord } from "../../cases/index.js";

/** The folders of opened submissions, in memory. Knows nothing of the disk. */
export class KnownCases {
  /** Folders by the SHA-256 of the file they were opened from. */
  readonly #byDigest = new Map<string, string>();
  /** Folders of first cases by reply address. */
  readonly #firstCases = new Map<string, string>();
  /** Follow-ups without their first case, by folder. */
  readonly #alone = new Map<string, CaseRecord>();

  /** The folder that the file with this digest was opened into, or null. */
  find(sha256: string): string | null {
    return this.#byDigest.get(sha256) ?? null;
  }

  /** The folder of the first case with the record's reply address. */
  firstCaseOf(record: CaseRecord): string | undefined {
    return this.#firstCases.get(addressKey(record));
  }

  addDigest(sha256: string, folder: string): void {
    this.#byDigest.set(sha256, folder);
  }

  /** Adds a folder that does not lie in a first case. The first of several cases with one address is the first case. */
  add(folder: string, record: CaseRecord): void {
    if (record.followUp) this.#alone.set(folder, record);
    else if (record.address !== null && this.firstCaseOf(record) === undefined) {
      this.#firstCases.set(addressKey(record), folder);
    }
  }

  /** Folders of follow-ups that lie alone although their first case is known. */
  strays(): string[] {
    return [...this.#alone].flatMap(([folder, record]) => (this.firstCaseOf(record) === undefined ? [] : [folder]));
  }

  /** Removes and returns the record of a follow-up that lies alone. */
  takeAlone(folder: string): CaseRecord | undefined {
    const record = this.#alone.get(folder);
    this.#alone.delete(folder);
    return record;
  }

  moved(from: string, to: string): void {
    for (const [sha256, known] of this.#byDigest) if (known === from) this.#byDigest.set(sha256, to);
  }
}
