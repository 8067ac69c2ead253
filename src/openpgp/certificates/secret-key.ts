import { readPacketHeader } from "../packets/index.js";
import { base64 } from "./armor-blocks.js";
import { plainText } from "./plain-text.js";

/** Secret-Key and Secret-Subkey packets (RFC 9580 section 5). */
const SECRET_KEY_TAGS = new Set([5, 7]);
/** Of public-key algorithms, those of post-quantum drafts included. */
const MAX_ALGORITHM = 40;
/** Bytes of fixed-size public keys, by algorithm (RFC 9580 section 5.5.5): X25519, X448, Ed25519, Ed448. */
const FIXED_BYTES: Readonly<Record<number, number>> = { 25: 32, 26: 56, 27: 32, 28: 57 };
/** Numbers in a public key, by algorithm: RSA, ElGamal, DSA. Elliptic curves have an OID before theirs. */
const INTEGERS: Readonly<Record<number, number>> = { 1: 2, 2: 2, 3: 2, 16: 3, 17: 4, 20: 3 };
const CURVES = new Set([18, 19, 22]);
/** Has the parameters of its key derivation after the point. */
const ECDH = 18;
/** How a secret key may be protected: not, with a checksum, with AEAD, with SHA-1, or with malleable CFB. */
const PROTECTIONS = new Set([0, 253, 254, 255]);
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
  return base64Runs(text).some(isBuried);
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
    if ((bytes[at] ?? 0) >= 0x80 && isSecretPacket(bytes.subarray(at), true)) return true;
  }
  return false;
}

/** @param strict whether its fields must make sense up to the protection of the secret part */
function isSecretPacket(bytes: Uint8Array, strict = false): boolean {
  try {
    const read = readPacketHeader(bytes);
    if (read === null || !SECRET_KEY_TAGS.has(read.header.tag)) return false;
    const body = bytes.subarray(read.taken, read.taken + read.header.length.bytes);
    const [version = 0] = body;
    const layout = version === 2 || version === 3 ? [7, 8] : version === 4 ? [5, 6] : version <= 6 ? [5, 10] : null;
    const [algorithmAt, keyAt] = layout ?? [];
    if (version < 2 || algorithmAt === undefined || keyAt === undefined) return false;
    const algorithm = body[algorithmAt] ?? 0;
    if (algorithm < 1 || algorithm > MAX_ALGORITHM) return false;
    return !strict || PROTECTIONS.has(body[afterPublicKey(body, algorithm, keyAt) ?? body.length] ?? -1);
  } catch {
    return false;
  }
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
