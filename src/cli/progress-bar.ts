import { stat } from "node:fs/promises";

const WIDTH = 30;
const INTERVAL = 100;

/** A bar on standard error, if that is a terminal. */
export class ProgressBar {
  readonly #total: number;
  readonly #shown = process.stderr.isTTY === true;
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
    const share = this.#total === 0 ? 1 : Math.min(1, this.#done / this.#total);
    const filled = Math.round(share * WIDTH);
    process.stderr.write(`\r[${"#".repeat(filled)}${" ".repeat(WIDTH - filled)}] ${Math.round(share * 100)} %`);
  };

  clear(): void {
    if (this.#shown) process.stderr.write("\r\x1b[K");
  }
}

/** Octets of all `files` together; one that cannot be read counts nothing. */
export async function totalSize(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
