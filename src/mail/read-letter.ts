import type { MimeMessage, MimePart } from "../mime/index.js";
import type { MessageReport } from "../openpgp/index.js";
import { htmlText } from "./html-text.js";
import { readLongMessage } from "./long-bodies.js";
import { openPgpMessages } from "./openpgp-parts.js";

/** A mail as it is archived. Every text in it is the sender's. */
export interface ReadMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
  /** Made of its HTML where the message has no other text. */
  readonly text: string;
  readonly parts: readonly MimePart[];
  /** The OpenPGP messages in it, whomever they are for. */
  readonly encrypted: readonly EncryptedPart[];
}

export interface EncryptedPart {
  /** Binary: one complete message. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
  readonly recipients: MessageReport["recipients"];
}

/** Takes a message apart, in a thread of its own. Null if it cannot be read: it is kept whole. */
export async function readLetter(message: Uint8Array<ArrayBuffer>): Promise<ReadMail | null> {
  const mail = await readLongMessage(message);
  if (mail === null) return null;
  const { from, to, subject, date, parts } = mail;
  return { from, to, subject, date, parts, text: textOf(mail), encrypted: await openPgpMessages(mail) };
}

/** HTML counts only where there is no text. */
function textOf({ text, html }: MimeMessage): string {
  return text === "" ? htmlText(html) : text;
}
