import { type Cipher, createCipheriv } from "node:crypto";
import { copy, type InPlace } from "../streams/index.js";

/** How the blocks of one message are encrypted. It can be sent to a thread. */
export interface BlockCipherSettings {
  readonly algorithm: "aes-256-cfb" | "aes-256-gcm" | "aes-256-ocb";
  readonly key: Uint8Array;
  /** For AEAD: its last eight bytes count the chunks. */
  readonly nonce: Uint8Array;
  /** For AEAD: what each chunk is authenticated with. */
  readonly associated: Uint8Array;
}

/** Bytes that AEAD adds to a block. */
export const TAG = 16;
/** node:crypto gives new memory each time: little of it is had again at once, much of it comes from the system. */
const STEP = 32 * 1024;

/**
 * Encrypts one block after the other in its place. With CFB they are one stream (RFC 9580 section 5.13.1). With AEAD each is a
 * chunk with its tag after it, and one without bytes is the end, whose tag is over how many there were (section 5.13.2).
 */
export function blockCipher({ algorithm, key, nonce, associated }: BlockCipherSettings): InPlace {
  if (algorithm === "aes-256-cfb") {
    const cipher = createCipheriv(algorithm, key, nonce);
    return (block, length) => update(cipher, block, length);
  }
  const counted = Buffer.from(nonce);
  const total = Buffer.alloc(8);
  let bytes = 0n;
  return (block, length) => {
    // All have the type of GCM, which is in the declarations.
    const cipher = createCipheriv(algorithm as "aes-256-gcm", key, counted, { authTagLength: TAG });
    bytes += BigInt(length);
    total.writeBigUInt64BE(bytes);
    cipher.setAAD(length > 0 ? associated : Buffer.concat([associated, total]));
    let written = update(cipher, block, length);
    for (const rest of [cipher.final(), cipher.getAuthTag()]) {
      copy(rest, block, written);
      written += rest.length;
    }
    counted.writeBigUInt64BE(counted.readBigUInt64BE(counted.length - 8) + 1n, counted.length - 8);
    return written;
  };
}

/** Never gives more than it has taken, so that nothing is overwritten before it was read. */
function update(cipher: Cipher, block: Uint8Array, length: number): number {
  let written = 0;
  for (let at = 0; at < length; at += STEP) {
    const encrypted = cipher.update(block.subarray(at, Math.min(at + STEP, length)));
    copy(encrypted, block, written);
    written += encrypted.length;
  }
  return written;
}
