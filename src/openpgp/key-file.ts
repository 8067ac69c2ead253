import { SignaturePacket } from "openpgp";
import { Fault } from "../core/index.js";
import { armorBlocks, asciiText, type Packet, readLeadingPackets } from "./packets/index.js";
import { SECRET_KEY, SECRET_SUBKEY, SecretPart } from "./secret-part.js";

/**
 * Why a file has no secret key that may decrypt. `not_keys`: nothing of OpenPGP. `empty`: nothing at all.
 * `public_only`: public keys. `revocation`: only a revocation certificate or another signature. `message`: an encrypted
 * message. `gnupg_file`: a file of GnuPG's own store. `damaged`: nothing whole in it. `signing_only`: keys that sign.
 */
export type KeyFileFault =
  | "not_keys"
  | "empty"
  | "public_only"
  | "revocation"
  | "message"
  | "gnupg_file"
  | "damaged"
  | "signing_only"
  | "too_large";

export class KeyFileError extends Fault<KeyFileFault> {}

/** A ring with photographs and thousands of certifications takes a few MiB. */
export const MAX_SECRET_KEY_FILE_BYTES = 16 * 1024 * 1024;
/** Each may cost a run of its S2K for each passphrase. */
const MAX_PARTS = 256;
const MAX_USER_ID_BYTES = 256;
/** Of the mark in GnuPG's pubring.kbx, which holds public keys (its kbx/keybox-blob.c). */
const KEYBOX_MARK_AT = 8;

/** Tags (RFC 9580 section 5). */
const PKESK = 1;
const SIGNATURE = 2;
const SKESK = 3;
const PUBLIC_KEY = 6;
const USER_ID = 13;
const SEIPD = 18;
const SECRETS = new Set([SECRET_KEY, SECRET_SUBKEY]);
const DATA = new Set([PKESK, SKESK, 8, 9, SEIPD, 20]);
/** Flags for encryption, and GnuPG's for additional decryption subkeys (RFC 9580 section 5.2.3.29). */
const ENCRYPTS = [0x04 | 0x08, 0x04] as const;

export interface KeyFile {
  /** The keys and subkeys that may decrypt; at least one. */
  readonly parts: readonly SecretPart[];
  /** Whether something in the file could not be read. */
  readonly damaged: boolean;
}

/**
 * Reads every secret key in a file: any number of armor blocks in any encoding of text, or of binary keys, public ones
 * among them. What cannot be read does not keep the rest from being read.
 * @throws KeyFileError if nothing in it may decrypt
 */
export async function readKeyFile(contents: Uint8Array): Promise<KeyFile> {
  if (contents.length > MAX_SECRET_KEY_FILE_BYTES)
    throw new KeyFileError("too_large", "this file is too large to be a key");
  const { packets, damaged } = packetsIn(contents);
  const parts: SecretPart[] = [];
  let read = 0;
  for (const key of groups(packets)) {
    const secrets = key.flatMap(({ tag }, at) => (SECRETS.has(tag) ? [at] : []));
    parts.push(...(await partsOf(key, secrets.slice(0, Math.max(0, MAX_PARTS - read)))));
    read += secrets.length;
  }
  if (parts.length === 0) throw faultOf(contents, packets, damaged);
  return { parts, damaged: damaged || read > MAX_PARTS };
}

function packetsIn(contents: Uint8Array): { readonly packets: readonly Packet[]; readonly damaged: boolean } {
  const text = asciiText(contents);
  const blocks = armorBlocks(text);
  if (blocks.length === 0) {
    const { packets, all } = readLeadingPackets(contents);
    return { packets, damaged: !all };
  }
  let damaged = false;
  const packets = blocks.flatMap(({ data, whole }) => {
    const read = readLeadingPackets(data ?? new Uint8Array(0));
    if (!whole || data === null || !read.all) damaged = true;
    return read.packets;
  });
  return { packets, damaged };
}

/** Each key with what follows it (RFC 9580 section 10.1). */
function groups(packets: readonly Packet[]): Packet[][] {
  const keys: Packet[][] = [];
  for (const packet of packets) {
    if (packet.tag === SECRET_KEY || packet.tag === PUBLIC_KEY) keys.push([]);
    keys.at(-1)?.push(packet);
  }
  return keys;
}

/** The parts of one key that may decrypt. `secrets` are the places of its secret key packets. */
async function partsOf(key: readonly Packet[], secrets: readonly number[]): Promise<SecretPart[]> {
  const userId = key.find(({ tag }) => tag === USER_ID)?.body.subarray(0, MAX_USER_ID_BYTES);
  const name = new TextDecoder().decode(userId);
  const parts: SecretPart[] = [];
  let primary: string | null = null;
  for (const at of secrets) {
    const { tag = 0, body = new Uint8Array(0) } = key[at] ?? {};
    const part: SecretPart = await SecretPart.read(tag, body, primary, name);
    primary ??= part.view.primary;
    if (part.mayDecrypt && (!part.maySign || mayEncrypt(key, at))) parts.push(part);
  }
  return parts;
}

/** Whether the key flags in the signatures after the packet at `at` allow encryption, or there are none. */
function mayEncrypt(key: readonly Packet[], at: number): boolean {
  let flagged = false;
  for (const { tag, body } of key.slice(at + 1)) {
    if (SECRETS.has(tag)) break;
    const flags = tag === SIGNATURE ? flagsIn(body) : null;
    if (flags === null) continue;
    if (ENCRYPTS.some((mask, index) => ((flags[index] ?? 0) & mask) !== 0)) return true;
    flagged = true;
  }
  return !flagged;
}

function flagsIn(signature: Uint8Array): Uint8Array | null {
  const packet = new SignaturePacket();
  try {
    packet.read(signature);
  } catch {
    return null;
  }
  return packet.keyFlags;
}

function faultOf(contents: Uint8Array, packets: readonly Packet[], damaged: boolean): KeyFileError {
  const has = (...tags: readonly number[]) => packets.some(({ tag }) => tags.includes(tag));
  if (contents.length === 0) return new KeyFileError("empty", "this file is empty");
  const head = asciiText(contents.subarray(0, 4096));
  if (has(SECRET_KEY)) return new KeyFileError("signing_only", "the secret keys in this file only sign");
  const keybox = head.startsWith("KBXf", KEYBOX_MARK_AT);
  if (keybox || (/private-key/.test(head) && /^(?:\s*\(|Key:|Created:)/.test(head))) {
    return new KeyFileError("gnupg_file", "this is a file of GnuPG's own store");
  }
  const first = firstTag(contents);
  if (packets.some(({ tag }) => DATA.has(tag)) || DATA.has(first)) {
    return new KeyFileError("message", "this is an encrypted message, not a key");
  }
  const cutOff = SECRETS.has(first) || first === PUBLIC_KEY;
  if (damaged && (armorBlocks(head).length > 0 || packets.length > 0 || cutOff)) {
    return new KeyFileError("damaged", "the keys in this file are damaged or cut off");
  }
  if (has(PUBLIC_KEY)) return new KeyFileError("public_only", "this file holds only public keys");
  if (has(SIGNATURE)) return new KeyFileError("revocation", "this file holds a signature, but no key");
  return new KeyFileError("not_keys", "this is not a file of OpenPGP keys");
}

/** The tag of the packet that it begins with, which may have partial lengths or be cut off; 0 if it is no packet. */
function firstTag(contents: Uint8Array): number {
  const first = contents[0] ?? 0;
  if ((first & 0xc0) === 0xc0) return first & 0x3f;
  return (first & 0x80) === 0 ? 0 : (first >> 2) & 0x0f;
}
