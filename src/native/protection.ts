import { createCipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import type { MessageKey } from "../core/index.js";
import { Pieces } from "./pieces.js";

/** What makes plaintext the body of an encrypted-data packet: each array that it gives belongs together. */
export interface Protection {
  begin(): Uint8Array[][];
  push(plaintext: readonly Uint8Array[]): Uint8Array[][];
  finish(): Uint8Array[][];
}

/** Version 1 (RFC 9580 section 5.13.1): AES-256 in CFB, and within it the SHA-1 of everything before. */
export function protectionV1(key: MessageKey): Protection {
  const cipher = createCipheriv("aes-256-cfb", key.data, Buffer.alloc(16));
  const hash = createHash("sha1");
  const push = (plaintext: readonly Uint8Array[]) => {
    for (const piece of plaintext) hash.update(piece);
    return [plaintext.map((piece) => cipher.update(piece))];
  };
  return {
    begin: () => {
      const random = randomBytes(16);
      return [[Uint8Array.of(1)], ...push([random, random.subarray(14)])];
    },
    push,
    // The modification detection packet's header is hashed too.
    finish: () => [...push([Uint8Array.of(0xd3, 20)]), [cipher.update(hash.digest())]],
  };
}

const AES_256 = 9;
/** Chunks of 2^(12 + 6) octets. */
const CHUNK_SIZE_OCTET = 12;
const CHUNK = 256 * 1024;
const TAG = 16;
const MODES = {
  ocb: { number: 2, cipher: "aes-256-ocb", nonce: 15 },
  gcm: { number: 3, cipher: "aes-256-gcm", nonce: 12 },
} as const;

/** Version 2 (RFC 9580 section 5.13.2): chunks that are each authenticated, and a last tag over how much there was. */
export function protectionV2(key: MessageKey, aead: keyof typeof MODES): Protection {
  const mode = MODES[aead];
  const associated = Uint8Array.of(0xd2, 2, AES_256, mode.number, CHUNK_SIZE_OCTET);
  const salt = randomBytes(32);
  // The key, then all of the nonce but the eight octets that count the chunks.
  const derived = Buffer.from(hkdfSync("sha256", key.data, salt, associated, key.data.length + mode.nonce - 8));
  const nonce = Buffer.alloc(mode.nonce);
  derived.copy(nonce, 0, key.data.length);
  const waiting = new Pieces();
  let octets = 0n;
  let chunks = 0n;
  const encrypt = (pieces: readonly Uint8Array[], ...more: readonly Uint8Array[]) => {
    nonce.writeBigUInt64BE(chunks, mode.nonce - 8);
    chunks += 1n;
    const cipher = createCipheriv(mode.cipher as "aes-256-gcm", derived.subarray(0, key.data.length), nonce, {
      authTagLength: TAG,
    });
    cipher.setAAD(Buffer.concat([associated, ...more]));
    const encrypted = pieces.map((piece) => cipher.update(piece));
    return [...encrypted, cipher.final(), cipher.getAuthTag()];
  };
  return {
    begin: () => [[associated.subarray(1)], [salt]],
    push: (plaintext) => {
      waiting.add(plaintext);
      const ready: Uint8Array[][] = [];
      for (; waiting.length >= CHUNK; octets += BigInt(CHUNK)) ready.push(encrypt(waiting.take(CHUNK)));
      return ready;
    },
    finish: () => {
      const total = Buffer.alloc(8);
      total.writeBigUInt64BE(octets + BigInt(waiting.length));
      const rest = waiting.length > 0 ? [encrypt(waiting.take(CHUNK))] : [];
      return [...rest, encrypt([], total)];
    },
  };
}
