import type { MimeMessage } from "../mime/index.js";
import { MessageInspector, messageInBytes } from "../openpgp/index.js";
import type { EncryptedPart } from "./read-letter.js";

const BEGIN = "-----BEGIN PGP MESSAGE-----";
const END = "-----END PGP MESSAGE-----";
const HEAD_BYTES = 1024;
/** What is taken out of one mail: nobody sends more by hand. */
const MAX_MESSAGES = 20;

/**
 * The OpenPGP messages in a mail: inline, as PGP/MIME (RFC 3156), or attached files, such as one of our offline form.
 * Each is binary, and one complete encrypted message.
 */
export async function openPgpMessages({ text, parts }: MimeMessage): Promise<readonly EncryptedPart[]> {
  const inline = inlineMessage(text);
  const candidates = parts.map(({ bytes }) => bytes);
  if (inline !== null) candidates.unshift(new TextEncoder().encode(inline));
  const found: EncryptedPart[] = [];
  for (const bytes of candidates) {
    if (found.length === MAX_MESSAGES) break;
    const part = await encryptedPart(bytes);
    if (part !== null) found.push(part);
  }
  return found;
}

/** A pattern would look for the end again from each of a million beginnings. */
function inlineMessage(text: string): string | null {
  const begin = text.indexOf(BEGIN);
  const end = begin === -1 ? -1 : text.indexOf(END, begin);
  return end === -1 ? null : text.slice(begin, end + END.length);
}

/** Null for anything else. */
async function encryptedPart(bytes: Uint8Array<ArrayBuffer>): Promise<EncryptedPart | null> {
  const [first = 0] = bytes;
  const armored = Buffer.from(bytes.subarray(0, HEAD_BYTES)).includes(BEGIN);
  // The first byte of an OpenPGP packet (RFC 9580 section 4.2).
  if (first < 0x80 && !armored) return null;
  try {
    const ciphertext = armored ? await messageInBytes(bytes) : bytes;
    const inspector = new MessageInspector();
    inspector.push(ciphertext);
    return { ciphertext, recipients: inspector.finish().recipients };
  } catch {
    return null;
  }
}
