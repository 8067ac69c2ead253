import { type Packet, packetsIn, readPacketHeader } from "../packets/index.js";
import { armoredCertificates, holdsArmor } from "./armor-blocks.js";
import { plainText } from "./plain-text.js";
import { groupPackets, type RawCertificates, Tag } from "./raw-certificate.js";
import { RecipientError } from "./recipient-error.js";
import { holdsSecretKey } from "./secret-key.js";

/** A certificate with a thousand strangers' signatures takes a third of a megabyte. */
export const MAX_CERTIFICATE_FILE_BYTES = 8 * 1024 * 1024;
const MAX_PACKETS = 50_000;
/** GnuPG's own key ring, which other programs do not read, begins so: a length, two more fields, and this. */
const KEYBOX = /^[\s\S]{8}KBXf/;
const KEY_VERSIONS = new Set([2, 3, 4, 5, 6]);

/**
 * Reads a file of certificates: armored in any encoding and with text around, or binary, any number of them.
 *
 * @param contents text, or the bytes of a file
 * @returns null if nothing in it looks like OpenPGP
 * @throws RecipientError `secret_key` if it holds a secret key in any form; `unreadable` if any part of it is damaged
 * or something else; `too_large`
 */
export function readKeyFile(contents: string | Uint8Array): RawCertificates | null {
  const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
  if (bytes.length > MAX_CERTIFICATE_FILE_BYTES) throw tooLarge();
  if (holdsSecretKey(bytes)) throw new RecipientError("secret_key", "this file holds a secret key");
  const text = plainText(bytes);
  if (holdsArmor(text)) return joined(armoredCertificates(text).map((block) => groupPackets(packetsOf(block))));
  if (KEYBOX.test(new TextDecoder("latin1").decode(bytes.subarray(0, 12)))) {
    throw new RecipientError("unreadable", "this is GnuPG's own key ring, not certificates that were exported from it");
  }
  if (beginsWithKey(bytes)) return groupPackets(packetsOf(bytes));
  // Another file may begin with the same byte. If all of it is packets, it is none by accident.
  const packets = packetsOrNull(bytes);
  return packets === null ? null : groupPackets(packets);
}

function packetsOf(bytes: Uint8Array): Packet[] {
  try {
    return counted(bytes);
  } catch (cause) {
    if (cause instanceof RecipientError) throw cause;
    throw new RecipientError("unreadable", "this certificate is damaged or of an unknown kind", { cause });
  }
}

function packetsOrNull(bytes: Uint8Array): Packet[] | null {
  try {
    return bytes.length === 0 ? null : counted(bytes);
  } catch {
    return null;
  }
}

function counted(bytes: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  for (const packet of packetsIn(bytes)) {
    if (packets.push(packet) > MAX_PACKETS) throw tooLarge();
  }
  return packets;
}

/** Whether the first packet is a certificate or a revocation, by its first bytes, however damaged the rest. */
function beginsWithKey(bytes: Uint8Array): boolean {
  try {
    const read = readPacketHeader(bytes);
    if (read === null || (read.header.tag !== Tag.publicKey && read.header.tag !== Tag.signature)) return false;
    return KEY_VERSIONS.has(bytes[read.taken] ?? 0);
  } catch {
    return false;
  }
}

function joined(all: readonly RawCertificates[]): RawCertificates {
  return {
    certificates: all.flatMap(({ certificates }) => certificates),
    loose: all.flatMap(({ loose }) => loose),
  };
}

function tooLarge(): RecipientError {
  return new RecipientError("too_large", "this file is larger than certificates are");
}
