import { utimes } from "node:fs/promises";
import { startOfDay } from "../core/index.js";
import { syncFolder } from "../files/index.js";
import { GroupCommit } from "./group-commit.js";

/** Group commits for one folder: syncing its entries, and setting its time to the day. */
export class FolderSync {
  readonly #syncs: GroupCommit;
  readonly #times: GroupCommit;

  /** @param now for the day that becomes the folder's time */
  constructor(folder: string, now: () => Date = () => new Date()) {
    const midnight = () => startOfDay(now());
    this.#syncs = new GroupCommit(() => syncFolder(folder, midnight()));
    this.#times = new GroupCommit(() => utimes(folder, midnight(), midnight()));
  }

  /** Resolves when a sync has ended that began after this call, with the folder's time set to the day. */
  sync(): Promise<void> {
    return this.#syncs.run();
  }

  /** Sets the folder's time to the day. */
  setTime(): Promise<void> {
    return this.#times.run();
  }

  /** The same, but never rejects: the next call makes up for a failure. */
  truncateTime(): Promise<void> {
    return this.setTime().catch(() => undefined);
  }
}
