import { toHex } from "./random.js";

const BLOCK = 1024 * 1024;

/**
 * The SHA-256 of the SHA-256 digests of consecutive blocks of 1 MiB, the last one shorter. WebCrypto digests whole buffers
 * only; by blocks it can follow a stream in constant memory, at native speed, where a stream of any length is hashed.
 */
export class BlockDigest {
  readonly #digests: Uint8Array[] = [];
  /** The digest of the block before, which is made while the next one fills. */
  #digesting: Promise<Uint8Array> | null = null;
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;

  async push(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#filled === 0 && rest.length >= BLOCK) {
        await this.#settle();
        // WebCrypto takes its own copy before it returns.
        this.#digesting = sha256(rest.subarray(0, BLOCK));
        rest = rest.subarray(BLOCK);
        continue;
      }
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
    await this.#settle();
    const all = new Uint8Array(32 * this.#digests.length);
    this.#digests.forEach((digest, index) => {
      all.set(digest, 32 * index);
    });
    return toHex(await sha256(all));
  }

  async #close(): Promise<void> {
    await this.#settle();
    this.#digesting = sha256(this.#block.subarray(0, this.#filled));
    this.#filled = 0;
  }

  async #settle(): Promise<void> {
    if (this.#digesting !== null) this.#digests.push(await this.#digesting);
    this.#digesting = null;
  }
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  // No stream of ours is over shared memory, which is all that the type still allows beside an ArrayBuffer.
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}
