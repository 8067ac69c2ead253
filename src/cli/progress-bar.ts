import { statSync } from "node:fs";

const WIDTH = 30;
const MIN_INTERVAL_MS = 100;
const MIB = 1024 * 1024;

/** A progress bar with speed and remaining time, on standard error if that is a terminal. */
export class ProgressBar {
  readonly #totalBytes: number;
  readonly #shown = process.stderr.isTTY === true;
  readonly #startMs = Date.now();
  #doneBytes = 0;
  #drawnMs = 0;

  constructor(totalBytes: number) {
    this.#totalBytes = totalBytes;
  }

  readonly add = (bytes: number): void => {
    this.#doneBytes += bytes;
    const now = Date.now();
    if (!this.#shown || now - this.#drawnMs < MIN_INTERVAL_MS) return;
    this.#drawnMs = now;
    process.stderr.write(`\r${barLine(this.#doneBytes, this.#totalBytes, now - this.#startMs)}\x1b[K`);
  };

  clear(): void {
    if (this.#shown) process.stderr.write("\r\x1b[K");
  }
}

/** The text of the bar after `elapsedMs`. */
export function barLine(doneBytes: number, totalBytes: number, elapsedMs: number): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const filled = Math.round(share * WIDTH);
  const bar = `[${"#".repeat(filled)}${" ".repeat(WIDTH - filled)}] ${Math.round(share * 100)} %`;
  if (doneBytes === 0 || elapsedMs === 0) return bar;
  const bytesPerSecond = (doneBytes * 1000) / elapsedMs;
  const left = formatDuration(Math.max(0, totalBytes - doneBytes) / bytesPerSecond);
  return `${bar}, ${(bytesPerSecond / MIB).toFixed(1)} MiB/s, ${left} left`;
}

function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Bytes of all `files` together; an unreadable file counts as 0. */
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
