import { sha256, sha256Hex } from "./sha256.js";

const BLOCK_BYTES = 1024 * 1024;

/**
 * The SHA-256 of the SHA-256 digests of consecutive 1 MiB blocks, the last one shorter. WebCrypto hashes whole buffers
 * only; block by block it hashes a stream of any length in constant memory, at native speed.
 */
export class BlockDigest {
  readonly #digests: Uint8Array[] = [];
  /** The digest of the previous block, computed while the next one fills. */
  #digesting: Promise<Uint8Array> | null = null;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #filled = 0;

  /** The digest of `chunks` in their order, in lower-case hex. */
  static async of(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
    const digest = new BlockDigest();
    for await (const chunk of chunks) await digest.push(chunk);
    return digest.finish();
  }

  async push(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#filled === 0 && rest.length >= BLOCK_BYTES) {
        await this.#settle();
        // WebCrypto copies its input before it returns, so the caller may reuse the chunk.
        this.#digesting = sha256(rest.subarray(0, BLOCK_BYTES));
        rest = rest.subarray(BLOCK_BYTES);
        continue;
      }
      const portion = rest.subarray(0, BLOCK_BYTES - this.#filled);
      this.#block.set(portion, this.#filled);
      this.#filled += portion.length;
      rest = rest.subarray(portion.length);
      if (this.#filled === BLOCK_BYTES) await this.#close();
    }
  }

  /** The digest in lower-case hex. */
  async finish(): Promise<string> {
    if (this.#filled > 0) await this.#close();
    await this.#settle();
    const all = new Uint8Array(32 * this.#digests.length);
    this.#digests.forEach((digest, index) => {
      all.set(digest, 32 * index);
    });
    return sha256Hex(all);
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
