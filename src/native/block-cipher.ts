import { type Cipher, createCipheriv } from "node:crypto";
import { type BlockTransform, copy } from "../streams/index.js";

/** How the blocks of one message are encrypted. Can be posted to a thread. */
export interface BlockCipherSettings {
  readonly algorithm: "aes-256-cfb" | "aes-256-gcm" | "aes-256-ocb";
  readonly key: Uint8Array;
  /** For AEAD, the last eight bytes count the chunks. */
  readonly nonce: Uint8Array;
  /** For AEAD, the additional data that each chunk is authenticated with. */
  readonly additionalData: Uint8Array;
}

/** The AEAD authentication tag after each block. */
export const TAG_BYTES = 16;
/** node:crypto allocates a buffer per update. Small ones are reused soon, most large ones come from the system. */
const UPDATE_BYTES = 32 * 1024;

/**
 * Encrypts one block after the other in place. With CFB the blocks are one stream (RFC 9580 section 5.13.1). With AEAD
 * each block is a chunk followed by its tag; an empty block is the end, whose tag covers the total length (section
 * 5.13.2).
 */
export function blockCipher({ algorithm, key, nonce, additionalData }: BlockCipherSettings): BlockTransform {
  if (algorithm === "aes-256-cfb") {
    const cipher = createCipheriv(algorithm, key, nonce);
    return (block, length) => update(cipher, block, length);
  }
  const counter = Buffer.from(nonce);
  const total = Buffer.alloc(8);
  let totalBytes = 0n;
  return (block, length) => {
    // The type declarations know the options of GCM only by name; OCB takes the same.
    const cipher = createCipheriv(algorithm as "aes-256-gcm", key, counter, { authTagLength: TAG_BYTES });
    totalBytes += BigInt(length);
    total.writeBigUInt64BE(totalBytes);
    cipher.setAAD(length > 0 ? additionalData : Buffer.concat([additionalData, total]));
    let written = update(cipher, block, length);
    for (const rest of [cipher.final(), cipher.getAuthTag()]) {
      copy(rest, block, written);
      written += rest.length;
    }
    counter.writeBigUInt64BE(counter.readBigUInt64BE(counter.length - 8) + 1n, counter.length - 8);
    return written;
  };
}

/** The cipher never returns more bytes than it was given, so no byte is overwritten before it is read. */
function update(cipher: Cipher, block: Uint8Array, length: number): number {
  let written = 0;
  for (let at = 0; at < length; at += UPDATE_BYTES) {
    const encrypted = cipher.update(block.subarray(at, Math.min(at + UPDATE_BYTES, length)));
    copy(encrypted, block, written);
    written += encrypted.length;
  }
  return written;
}
