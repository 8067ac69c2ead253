import type { MimeMessage } from "../mime/index.js";
import { MessageInspector, messageInBytes } from "../openpgp/index.js";
import { type Recipients, requireOurs } from "../server/index.js";

const ARMOR = /-----BEGIN PGP MESSAGE-----[\s\S]*?-----END PGP MESSAGE-----/;
const HEAD_BYTES = 1024;
/** What is taken out of one mail: nobody sends more by hand. */
const MAX_MESSAGES = 20;

/**
 * The OpenPGP messages to our keys in a mail: inline, as PGP/MIME (RFC 3156), or attached files, such as one of our
 * offline form. Each is binary, and one complete encrypted message.
 */
export async function openPgpMessages(
  { text, parts }: MimeMessage,
  recipients: Recipients,
): Promise<readonly Uint8Array[]> {
  const inline = ARMOR.exec(text)?.[0];
  const candidates = parts.map(({ bytes }) => bytes);
  if (inline !== undefined) candidates.unshift(new TextEncoder().encode(inline));
  const found: Uint8Array[] = [];
  for (const bytes of candidates) {
    if (found.length === MAX_MESSAGES) break;
    const message = await messageToUs(bytes, recipients);
    if (message !== null) found.push(message);
  }
  return found;
}

/** Null for anything else, also for a message to somebody else: that stays a document of the mail. */
async function messageToUs(bytes: Uint8Array, recipients: Recipients): Promise<Uint8Array | null> {
  const [first = 0] = bytes;
  const armored = Buffer.from(bytes.subarray(0, HEAD_BYTES)).includes("-----BEGIN PGP MESSAGE-----");
  // The first byte of an OpenPGP packet (RFC 9580 section 4.2).
  if (first < 0x80 && !armored) return null;
  try {
    const message = armored ? await messageInBytes(new Uint8Array(bytes)) : bytes;
    const inspector = new MessageInspector();
    inspector.push(message);
    requireOurs(inspector.finish().recipients, recipients);
    return message;
  } catch {
    return null;
  }
}
