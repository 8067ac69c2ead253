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
/** The parser takes a kilobyte of memory and some microseconds for each line. */
export interface MessageLimits {
  readonly bytes: number;
  readonly lines: number;
}

/** For one message at a time: documents of 25 MiB in base64. */
const USUAL: MessageLimits = { bytes: 64 * 1024 * 1024, lines: 400_000 };
/** The parser makes an object of every part. */
const MAX_BOUNDARIES = 10_000;
/** The parser takes time with the square of these: minutes for a megabyte. */
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_ENCODED_WORDS = 5_000;
const MAX_EMPTY_LINES = 2_000;
const MAX_HEADER_CHARS = 1_000;
const MAX_TEXT_CHARS = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const HYPHEN = 0x2d;
const EQUALS = 0x3d;
const QUESTION = 0x3f;
/** Header lines up to one that says what the message holds. */
const HEAD = /^(?:[!-9;-~]{1,70}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n){0,50}){0,50}content-type:[ \t]*[a-z]+\//i;

/** Whether `head` begins like a message of a mail program, not like a letter that a person typed. */
export function beginsAsMessage(head: Uint8Array): boolean {
  return HEAD.test(String.fromCharCode(...head.subarray(0, 8 * 1024)));
}

/** Reads a message within bounds; null if it cannot be read or exceeds them. */
export async function readMessage(
  message: Uint8Array<ArrayBuffer>,
  limits: MessageLimits = USUAL,
): Promise<MimeMessage | null> {
  if (!isWithin(message, limits)) return null;
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

function isWithin(message: Uint8Array, limits: MessageLimits): boolean {
  if (message.length > limits.bytes) return false;
  let lines = 0;
  let boundaries = 0;
  let empty = 0;
  /** Where the header field begins that is being read; null once the head has ended. */
  let field: number | null = 0;
  for (let at = message.indexOf(LF), start = 0; at !== -1; at = message.indexOf(LF, start)) {
    const length = at - start - (message[at - 1] === CR ? 1 : 0);
    lines += 1;
    empty = length <= 0 ? empty + 1 : 0;
    if (message[at + 1] === HYPHEN && message[at + 2] === HYPHEN) boundaries += 1;
    if (lines > limits.lines || boundaries > MAX_BOUNDARIES || empty > MAX_EMPTY_LINES) return false;
    if (field !== null && at - field > MAX_FIELD_BYTES) return false;
    start = at + 1;
    if (length <= 0) field = null;
    else if (field !== null && !isBlank(message[start])) field = start;
  }
  return encodedWords(message) <= MAX_ENCODED_WORDS;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** At most one more than there may be (RFC 2047). */
function encodedWords(message: Uint8Array): number {
  let words = 0;
  for (
    let at = message.indexOf(EQUALS);
    at !== -1 && words <= MAX_ENCODED_WORDS;
    at = message.indexOf(EQUALS, at + 1)
  ) {
    if (message[at + 1] === QUESTION) words += 1;
  }
  return words;
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
