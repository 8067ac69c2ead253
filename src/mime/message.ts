import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";

/** An attachment, or any other part that is no text of the message. */
export interface MimePart {
  /** As the sender named it; empty without a name. */
  readonly name: string;
  /** Media type in lower case, as the sender claims. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a message says (RFC 5322, RFC 2045). Every text in it is the sender's, and none of it is proved. */
export interface MimeMessage {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** ISO 8601, or as the sender wrote it. */
  readonly date: string;
  /** Empty if the message has no text but HTML. */
  readonly text: string;
  readonly html: string;
  readonly parts: readonly MimePart[];
}

const LIMITS = {
  maxNestingDepth: 50,
  maxHeadersSize: 2 * 1024 * 1024,
  // A forwarded message stays one file.
  forceRfc822Attachments: true,
} as const;
/** The parser makes an object of every part, and yields to a promise at every line. */
const MAX_BOUNDARIES = 10_000;
const MAX_LINES = 2_000_000;
const MAX_HEADER_CHARS = 1_000;
const MAX_TEXT_CHARS = 1024 * 1024;
const LF = 0x0a;
const HYPHEN = 0x2d;
/** Header lines up to one that says what the message holds. */
const HEAD = /^(?:[!-9;-~]{1,70}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n){0,50}){0,50}content-type:[ \t]*[a-z]+\//i;

/** Whether `head` begins like a message of a mail program, not like a letter that a person typed. */
export function beginsAsMessage(head: Uint8Array): boolean {
  return HEAD.test(String.fromCharCode(...head.subarray(0, 8 * 1024)));
}

/** Reads a message within bounds; null if it cannot be read or exceeds them. */
export async function readMessage(message: Uint8Array<ArrayBuffer>): Promise<MimeMessage | null> {
  if (!isBounded(message)) return null;
  const whole = message.byteLength === message.buffer.byteLength;
  let mail: Email;
  try {
    // The parser copies a view, but not a whole buffer.
    mail = await PostalMime.parse(whole ? message.buffer : message, LIMITS);
  } catch {
    return null;
  }
  const { from, to = [], subject = "", date = "", text = "", html = "", attachments } = mail;
  return {
    from: header(from === undefined ? "" : addressText(from)),
    to: header(to.map(addressText).join(", ")),
    subject: header(subject),
    date: header(date),
    text: readable(text),
    html,
    parts: attachments.map(partOf),
  };
}

function isBounded(message: Uint8Array): boolean {
  let lines = 0;
  let boundaries = 0;
  for (let at = message.indexOf(LF); at !== -1; at = message.indexOf(LF, at + 1)) {
    lines += 1;
    if (message[at + 1] === HYPHEN && message[at + 2] === HYPHEN) boundaries += 1;
    if (lines > MAX_LINES || boundaries > MAX_BOUNDARIES) return false;
  }
  return true;
}

function partOf({ filename, mimeType, content }: Attachment): MimePart {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  return { name: (filename ?? "").slice(0, MAX_HEADER_CHARS), type: mimeType.slice(0, MAX_HEADER_CHARS), bytes };
}

function addressText({ name, address, group }: Address): string {
  if (group !== undefined) return `${name}: ${group.map(addressText).join(", ")}`;
  return name === "" ? (address ?? "") : `${name} <${address ?? ""}>`;
}

/** One line without control characters. */
function header(text: string): string {
  return text
    .slice(0, MAX_HEADER_CHARS)
    .replace(/\p{Cc}+/gu, " ")
    .trim();
}

/** Without control characters except tab and line feed, which no letter needs. */
function readable(text: string): string {
  return text
    .slice(0, MAX_TEXT_CHARS)
    .replaceAll("\r\n", "\n")
    .replace(/(?![\t\n])\p{Cc}/gu, "")
    .trim();
}
