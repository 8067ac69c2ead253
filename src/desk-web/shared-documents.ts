import { type Case, type CaseDocument, documentsOf } from "../cases/index.js";

/** Which cases hold the same documents, by their SHA-256. */
export class SharedDocuments {
  readonly #cases = new Map<string, Set<Case>>();

  add(one: Case): void {
    for (const { sha256 } of documentsOf(one)) {
      if (sha256 === undefined) continue;
      const known = this.#cases.get(sha256);
      if (known === undefined) this.#cases.set(sha256, new Set([one]));
      else known.add(one);
    }
  }

  clear(): void {
    this.#cases.clear();
  }

  /** The other cases that hold this document of a case. */
  others(one: Case, { sha256 = "" }: CaseDocument): readonly Case[] {
    return [...(this.#cases.get(sha256) ?? [])].filter((other) => other.folder !== one.folder);
  }
}
