import { bigEndian, readPacketHeader } from "../packets/index.js";
import { base64 } from "./armor-blocks.js";
import { plainText } from "./plain-text.js";

/** Secret-Key and Secret-Subkey packets (RFC 9580 section 5). */
const SECRET_KEY_TAGS = new Set([5, 7]);
/** First bytes of their headers of known length, in both formats (section 4.2). */
const SECRET_KEY_STARTS = new Set([0x94, 0x95, 0x96, 0x9c, 0x9d, 0x9e, 0xc5, 0xc7]);
/** Of public-key algorithms, those of post-quantum drafts included. */
const MAX_ALGORITHM = 40;
/** Bytes of fixed-size public keys, by algorithm (RFC 9580 section 5.5.5): X25519, X448, Ed25519, Ed448. */
const FIXED_BYTES: Readonly<Record<number, number>> = { 25: 32, 26: 56, 27: 32, 28: 57 };
/** Numbers in a public key, by algorithm: RSA, ElGamal, DSA. Elliptic curves have an OID before theirs. */
const INTEGERS: Readonly<Record<number, number>> = { 1: 2, 2: 2, 3: 2, 16: 3, 17: 4, 20: 3 };
const CURVES = new Set([18, 19, 22]);
/** Has the parameters of its key derivation after the point. */
const ECDH = 18;
/** How a secret key may be protected: not, with AEAD, with SHA-1, or with a checksum (RFC 9580 section 3.7.2.1). */
const Protection = { none: 0, aead: 253, sha1: 254, checksum: 255 } as const;
const MAX_CIPHER = 13;
/** Ways to make a key of a passphrase, GnuPG's for a key that is elsewhere included (RFC 9580 section 3.7.1). */
const S2K_TYPES = new Set([0, 1, 3, 4, 101]);
/** No secret key packet is larger, those of post-quantum drafts included. */
const MAX_PACKET_BYTES = 64 * 1024;
/** Files that are not packets are searched byte by byte, up to here. */
const MAX_SEARCHED_BYTES = 1024 * 1024;

/** Armor of OpenPGP and PEM, wherever it stands: quoted in a mail as well. */
const ARMORED = /-----BEGIN (?:[A-Z0-9]+ ){0,3}(?:PRIVATE|SECRET) KEY(?: BLOCK)?-----/;
const BASE64_LINE = /^[A-Za-z0-9+/]+={0,2}$/;
/** Files of GnuPG's private-keys-v1.d, in either of their forms. */
const S_EXPRESSION = /\((?:\d+:)?(?:protected-|shadowed-|openpgp-)?private-key\b/;

/**
 * Whether `bytes` hold a secret key in any form: armored in any encoding, binary at any place in a ring, as GnuPG's
 * agent stores it, or in base64 under another name or none.
 */
export function holdsSecretKey(bytes: Uint8Array): boolean {
  const text = plainText(bytes);
  if (ARMORED.test(text) || S_EXPRESSION.test(text) || holdsSecretPacket(bytes)) return true;
  return base64Runs(text).some(holdsSecretPacket);
}

/** What stands in base64 in `text`, line by line, under whatever name. */
function base64Runs(text: string): Uint8Array[] {
  const runs: string[] = [""];
  for (const line of text.split(/[\r\n]+/)) {
    const trimmed = line.trim();
    if (BASE64_LINE.test(trimmed)) runs.push((runs.pop() ?? "") + trimmed);
    else if (trimmed !== "" && runs.at(-1) !== "") runs.push("");
  }
  return runs.flatMap((run) => base64(run.slice(0, run.length - (run.length % 4))) ?? []);
}

/** Whether `bytes` begin with a binary secret key. */
export function beginsWithSecretKey(bytes: Uint8Array): boolean {
  return isSecretPacket(bytes);
}

function holdsSecretPacket(bytes: Uint8Array): boolean {
  let rest = bytes;
  while (rest.length > 0) {
    if (isSecretPacket(rest)) return true;
    const next = afterPacket(rest);
    if (next === null) return isBuried(rest.subarray(1));
    rest = next;
  }
  return false;
}

/** What follows the packet at the start of `bytes`; null if there is none. */
function afterPacket(bytes: Uint8Array): Uint8Array | null {
  try {
    const read = readPacketHeader(bytes);
    if (read === null || read.header.length.partial) return null;
    const end = read.taken + read.header.length.bytes;
    return end > bytes.length ? null : bytes.subarray(end);
  } catch {
    return null;
  }
}

/** Whether a secret key packet begins anywhere in `bytes`, which are not packets from their start. */
function isBuried(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, MAX_SEARCHED_BYTES);
  for (let at = 0; at < end; at += 1) {
    if (SECRET_KEY_STARTS.has(bytes[at] ?? 0) && isSecretPacket(bytes.subarray(at), true)) return true;
  }
  return false;
}

/** @param strict whether all its fields must make sense: random bytes do not look like that once in 10 GB */
function isSecretPacket(bytes: Uint8Array, strict = false): boolean {
  try {
    const read = readPacketHeader(bytes);
    if (read === null || !SECRET_KEY_TAGS.has(read.header.tag)) return false;
    const { length } = read.header;
    const body = bytes.subarray(read.taken, read.taken + length.bytes);
    const [version = 0] = body;
    const layout = version === 2 || version === 3 ? [7, 8] : version === 4 ? [5, 6] : version <= 6 ? [5, 10] : null;
    const [algorithmAt, keyAt] = layout ?? [];
    if (version < 2 || algorithmAt === undefined || keyAt === undefined) return false;
    const algorithm = body[algorithmAt] ?? 0;
    if (algorithm < 1 || algorithm > MAX_ALGORITHM) return false;
    if (!strict) return true;
    const end = length.bytes > MAX_PACKET_BYTES ? null : afterPublicKey(body, algorithm, keyAt);
    if (end === null || (version > 4 && bigEndian(body.subarray(6, 10)) !== end - keyAt)) return false;
    return isProtection(body.subarray(end), version, body.length === length.bytes);
  } catch {
    return false;
  }
}

/**
 * Whether `secret`, the part of a key packet behind its public key, begins with a way of protection.
 * @param whole whether nothing of it is cut off
 */
function isProtection(secret: Uint8Array, version: number, whole: boolean): boolean {
  const [protection, ...rest] = secret.subarray(0, 5);
  const [cipher = 0, s2k = -1] = version > 4 ? rest.slice(1) : rest;
  if (protection === Protection.none) return version > 4 || !whole || hasSum(secret.subarray(1));
  if (protection === Protection.aead) return cipher >= 1 && cipher <= MAX_CIPHER;
  if (protection !== Protection.sha1 && protection !== Protection.checksum) return false;
  // From version 5 on, a length may stand before the third field.
  return cipher <= MAX_CIPHER && (version > 4 || S2K_TYPES.has(s2k));
}

/** Whether `bytes` end in the sum of those before (RFC 9580 section 5.5.3). */
function hasSum(bytes: Uint8Array): boolean {
  const sum = bytes.subarray(0, -2).reduce((total, byte) => total + byte, 0);
  return bytes.length > 2 && bigEndian(bytes.subarray(-2)) === sum % 65_536;
}

/** Where the public part of a key packet's body ends; null if its fields do not add up. */
function afterPublicKey(body: Uint8Array, algorithm: number, keyAt: number): number | null {
  const fixed = FIXED_BYTES[algorithm];
  if (fixed !== undefined) return keyAt + fixed;
  const count = CURVES.has(algorithm) ? 1 : INTEGERS[algorithm];
  if (count === undefined) return null;
  let at = CURVES.has(algorithm) ? keyAt + 1 + (body[keyAt] ?? 0) : keyAt;
  for (let index = 0; index < count; index += 1) {
    const bits = (body[at] ?? 0) * 256 + (body[at + 1] ?? 0);
    const lead = body[at + 2] ?? 0;
    if (bits === 0 || 32 - Math.clz32(lead) !== ((bits - 1) % 8) + 1) return null;
    at += 2 + Math.ceil(bits / 8);
  }
  return algorithm === ECDH ? at + 1 + (body[at] ?? 0) : at;
}
