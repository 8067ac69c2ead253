import { createHash, hkdfSync, randomBytes } from "node:crypto";
import type { MessageKey } from "../openpgp/index.js";
import { ByteQueue } from "../streams/index.js";
import type { BlockCipherSettings } from "./block-cipher.js";

/** Turns plaintext into the body of an encrypted-data packet. */
export interface Protection {
  /** Unencrypted bytes at the start; each array is one write. */
  readonly head: readonly Uint8Array[];
  readonly cipher: BlockCipherSettings;
  /**
   * Cuts plaintext into the blocks to encrypt. What `plaintext` yields, and what this yields, is valid until the next
   * is asked for.
   */
  blocks(plaintext: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<readonly Uint8Array[]>;
}

/** Version 1 (RFC 9580 section 5.13.1): AES-256 in CFB mode, ending with the SHA-1 of everything before it. */
export function protectionV1(key: MessageKey): Protection {
  return {
    head: [Uint8Array.of(1)],
    cipher: { algorithm: "aes-256-cfb", key: key.data, nonce: new Uint8Array(16), additionalData: new Uint8Array(0) },
    async *blocks(plaintext) {
      const hash = createHash("sha1");
      const hashed = (chunks: readonly Uint8Array[]) => {
        for (const chunk of chunks) hash.update(chunk);
        return chunks;
      };
      const random = randomBytes(16);
      yield hashed([random, random.subarray(14)]);
      for await (const chunks of plaintext) yield hashed(chunks);
      // The hash covers the header of the modification detection packet.
      yield hashed([Uint8Array.of(0xd3, 20)]);
      yield [hash.digest()];
    },
  };
}

const AES_256 = 9;
/** Stands for chunks of 2^(12 + 6) bytes. */
const CHUNK_SIZE_OCTET = 12;
const CHUNK_BYTES = 256 * 1024;
const SALT_BYTES = 32;
const MODES = {
  ocb: { number: 2, algorithm: "aes-256-ocb", nonceBytes: 15 },
  gcm: { number: 3, algorithm: "aes-256-gcm", nonceBytes: 12 },
} as const;

/** Version 2 (RFC 9580 section 5.13.2): chunks that are each authenticated, and a final tag over the total length. */
export function protectionV2(key: MessageKey, aead: keyof typeof MODES): Protection {
  const { number, algorithm, nonceBytes } = MODES[aead];
  const additionalData = Uint8Array.of(0xd2, 2, AES_256, number, CHUNK_SIZE_OCTET);
  const salt = randomBytes(SALT_BYTES);
  // The key, then the nonce without the eight bytes that count the chunks.
  const derivedBytes = key.data.length + nonceBytes - 8;
  const derived = Buffer.from(hkdfSync("sha256", key.data, salt, additionalData, derivedBytes));
  return {
    head: [additionalData.subarray(1), salt],
    cipher: {
      algorithm,
      key: derived.subarray(0, key.data.length),
      nonce: Buffer.concat([derived.subarray(key.data.length), Buffer.alloc(8)]),
      additionalData,
    },
    async *blocks(plaintext) {
      const queue = new ByteQueue();
      for await (const chunks of plaintext) {
        queue.push(chunks);
        while (queue.length >= CHUNK_BYTES) yield queue.take(CHUNK_BYTES);
        queue.detach();
      }
      if (queue.length > 0) yield queue.take(CHUNK_BYTES);
      yield [];
    },
  };
}
