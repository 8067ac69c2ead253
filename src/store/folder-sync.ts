import { syncFolder } from "./disk.js";

/**
 * Syncs of one folder, for many who each wait until a rename of theirs is on the disk. One sync serves all who asked before it
 * began; who asks while one is under way may have come too late for it, and waits for the next.
 */
export class FolderSync {
  readonly #folder: string;
  #underWay: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when a sync has ended that began after this was called. */
  sync(): Promise<void> {
    if (this.#underWay === null) return this.#begin();
    this.#next ??= this.#underWay
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    const underWay = syncFolder(this.#folder).finally(() => {
      if (this.#underWay === underWay) this.#underWay = null;
    });
    this.#underWay = underWay;
    return underWay;
  }
}
