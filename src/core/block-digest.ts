import { toHex } from "./random.js";

const BLOCK = 1024 * 1024;

/**
 * The SHA-256 of the SHA-256 digests of consecutive blocks of 1 MiB, the last one shorter. WebCrypto digests whole buffers
 * only; by blocks it can follow a stream in constant memory, at native speed, where a stream of any length is hashed.
 */
export class BlockDigest {
  readonly #digests: Uint8Array[] = [];
  #block = new Uint8Array(BLOCK);
  #filled = 0;

  async push(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      const portion = rest.subarray(0, BLOCK - this.#filled);
      this.#block.set(portion, this.#filled);
      this.#filled += portion.length;
      rest = rest.subarray(portion.length);
      if (this.#filled === BLOCK) await this.#close();
    }
  }

  /** Lower-case hex. */
  async finish(): Promise<string> {
    if (this.#filled > 0) await this.#close();
    const all = new Uint8Array(32 * this.#digests.length);
    this.#digests.forEach((digest, index) => {
      all.set(digest, 32 * index);
    });
    return toHex(await sha256(all));
  }

  async #close(): Promise<void> {
    this.#digests.push(await sha256(this.#block.subarray(0, this.#filled)));
    this.#filled = 0;
  }
}

async function sha256(octets: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", octets));
}
