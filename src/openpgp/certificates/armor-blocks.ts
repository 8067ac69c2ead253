import { CRC24_INITIAL, crc24 } from "../packets/index.js";
import { RecipientError } from "./recipient-error.js";

const BEGIN = "-----BEGIN PGP ";
const END = "-----END PGP ";
const DASHES = "-----";
const CERTIFICATE = "PUBLIC KEY BLOCK";
const HEADER = /^[A-Za-z][A-Za-z0-9-]*:/;
const CHECKSUM = /^=[A-Za-z0-9+/]{4}$/;

/** Whether `text` holds armor of any kind. */
export function holdsArmor(text: string): boolean {
  return text.includes(BEGIN);
}

/**
 * The contents of every block of armored certificates in `text` (RFC 9580 section 6), in linear time.
 * @throws RecipientError `unreadable` if any block is damaged or holds something else: a recipient may be missing
 */
export function armoredCertificates(text: string): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = text.indexOf(BEGIN); at !== -1; ) {
    const kindAt = at + BEGIN.length;
    if (!text.startsWith(CERTIFICATE + DASHES, kindAt)) throw unreadable("this file holds something other than keys");
    const end = text.indexOf(END, kindAt);
    const next = text.indexOf(BEGIN, kindAt);
    // A block that has lost its end would swallow the next one, and a recipient with it.
    if (end === -1 || (next !== -1 && next < end) || !text.startsWith(CERTIFICATE + DASHES, end + END.length)) {
      throw unreadable("this file holds a certificate whose end is missing");
    }
    blocks.push(decode(text.slice(kindAt + CERTIFICATE.length + DASHES.length, end)));
    at = next;
  }
  return blocks;
}

function decode(contents: string): Uint8Array {
  const lines = contents.split(/\r\n|\r|\n/).map((line) => line.trim());
  const data = lines.filter((line) => line !== "" && !HEADER.test(line));
  const last = data.at(-1) ?? "";
  const checksum = CHECKSUM.test(last) ? last.slice(1) : null;
  const bytes = base64(data.slice(0, checksum === null ? data.length : -1).join(""));
  if (bytes === null || (checksum !== null && !fits(checksum, bytes))) {
    throw unreadable("this certificate is damaged: its armor does not add up");
  }
  return bytes;
}

/** The bytes of `text`, or null unless it is base64 of whole groups of four (RFC 4648 section 4). */
export function base64(text: string): Uint8Array | null {
  if (text === "" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function fits(checksum: string, bytes: Uint8Array): boolean {
  const [high = 0, middle = 0, low = 0] = base64(checksum) ?? [];
  return ((high << 16) | (middle << 8) | low) === crc24(CRC24_INITIAL, bytes);
}

function unreadable(why: string): RecipientError {
  return new RecipientError("unreadable", why);
}
