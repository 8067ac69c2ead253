import { utimes } from "node:fs/promises";
import { startOfDay } from "../core/index.js";
import { syncFolder } from "./disk.js";
import { SharedRun } from "./group-commit.js";

/** What is done to one folder for many at once: its time is set to the day, and what has changed in it is brought to the disk. */
export class FolderSync {
  readonly #syncs: SharedRun;
  readonly #times: SharedRun;

  /** @param now for the day that becomes the folder's time */
  constructor(folder: string, now: () => Date = () => new Date()) {
    const midnight = () => startOfDay(now());
    this.#syncs = new SharedRun(() => syncFolder(folder, midnight()));
    this.#times = new SharedRun(() => utimes(folder, midnight(), midnight()));
  }

  /** Resolves when a sync has ended that began after this was called, and the folder's time is the day. */
  sync(): Promise<void> {
    return this.#syncs.ask();
  }

  /** Only sets the time to the day. Never rejects: nothing depends on it but what the next one sets right. */
  forgetTime(): Promise<void> {
    return this.#times.ask().catch(() => undefined);
  }
}
