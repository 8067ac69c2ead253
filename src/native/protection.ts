import { createHash, hkdfSync, randomBytes } from "node:crypto";
import type { MessageKey } from "../openpgp/index.js";
import { Pieces } from "../streams/index.js";
import type { BlockCipherSettings } from "./block-cipher.js";

/** What makes plaintext the body of an encrypted-data packet. */
export interface Protection {
  /** What comes first, unencrypted; each belongs by itself. */
  readonly head: readonly Uint8Array[];
  readonly cipher: BlockCipherSettings;
  /**
   * Cuts plaintext, of which each array belongs together, into the blocks that are to be encrypted. Here as there, bytes need
   * stay as they are only until the next are asked for.
   */
  blocks(plaintext: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<readonly Uint8Array[]>;
}

/** Version 1 (RFC 9580 section 5.13.1): AES-256 in CFB, and within it the SHA-1 of everything before. */
export function protectionV1(key: MessageKey): Protection {
  return {
    head: [Uint8Array.of(1)],
    cipher: { algorithm: "aes-256-cfb", key: key.data, nonce: new Uint8Array(16), associated: new Uint8Array(0) },
    async *blocks(plaintext) {
      const hash = createHash("sha1");
      const hashed = (pieces: readonly Uint8Array[]) => {
        for (const piece of pieces) hash.update(piece);
        return pieces;
      };
      const random = randomBytes(16);
      yield hashed([random, random.subarray(14)]);
      for await (const pieces of plaintext) yield hashed(pieces);
      // The modification detection packet's header is hashed too.
      yield hashed([Uint8Array.of(0xd3, 20)]);
      yield [hash.digest()];
    },
  };
}

const AES_256 = 9;
/** Chunks of 2^(12 + 6) bytes. */
const CHUNK_SIZE_OCTET = 12;
const CHUNK = 256 * 1024;
const MODES = {
  ocb: { number: 2, algorithm: "aes-256-ocb", nonce: 15 },
  gcm: { number: 3, algorithm: "aes-256-gcm", nonce: 12 },
} as const;

/** Version 2 (RFC 9580 section 5.13.2): chunks that are each authenticated, and a last tag over how much there was. */
export function protectionV2(key: MessageKey, aead: keyof typeof MODES): Protection {
  const { number, algorithm, nonce } = MODES[aead];
  const associated = Uint8Array.of(0xd2, 2, AES_256, number, CHUNK_SIZE_OCTET);
  const salt = randomBytes(32);
  // The key, then all of the nonce but the eight bytes that count the chunks.
  const derived = Buffer.from(hkdfSync("sha256", key.data, salt, associated, key.data.length + nonce - 8));
  return {
    head: [associated.subarray(1), salt],
    cipher: {
      algorithm,
      key: derived.subarray(0, key.data.length),
      nonce: Buffer.concat([derived.subarray(key.data.length), Buffer.alloc(8)]),
      associated,
    },
    async *blocks(plaintext) {
      const waiting = new Pieces();
      for await (const pieces of plaintext) {
        waiting.add(pieces);
        while (waiting.length >= CHUNK) yield waiting.take(CHUNK);
        waiting.keep();
      }
      if (waiting.length > 0) yield waiting.take(CHUNK);
      yield [];
    },
  };
}
