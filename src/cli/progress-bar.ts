import { statSync } from "node:fs";

const WIDTH = 30;
const INTERVAL = 100;
const MIB = 1024 * 1024;

/** A bar on standard error, if that is a terminal, with how fast it goes and how long it will still take. */
export class ProgressBar {
  readonly #total: number;
  readonly #shown = process.stderr.isTTY === true;
  readonly #begun = Date.now();
  #done = 0;
  #last = 0;

  constructor(total: number) {
    this.#total = total;
  }

  readonly add = (amount: number): void => {
    this.#done += amount;
    const now = Date.now();
    if (!this.#shown || now - this.#last < INTERVAL) return;
    this.#last = now;
    process.stderr.write(`\r${barLine(this.#done, this.#total, now - this.#begun)}\x1b[K`);
  };

  clear(): void {
    if (this.#shown) process.stderr.write("\r\x1b[K");
  }
}

/** What the bar says: bytes done, of all, after so many milliseconds. */
export function barLine(done: number, total: number, milliseconds: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const bar = `[${"#".repeat(filled)}${" ".repeat(WIDTH - filled)}] ${Math.round(share * 100)} %`;
  if (done === 0 || milliseconds === 0) return bar;
  const perSecond = (done * 1000) / milliseconds;
  return `${bar}, ${(perSecond / MIB).toFixed(1)} MiB/s, ${sayDuration(Math.max(0, total - done) / perSecond)} left`;
}

function sayDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Bytes of all `files` together; one that cannot be read counts nothing. */
export function totalSize(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + sizeOf(file), 0);
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
