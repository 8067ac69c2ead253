import { toBase32 } from "./base32.js";
import { Fault } from "./fault.js";
import type { ReplyAddress } from "./reply-address.js";

/**
 * `empty`: nothing typed. `not_digits`: other characters than digits, spaces and dashes. `too_short`, `too_long`: not
 * 20 digits. `telephone`: 10 to 12 digits, perhaps after a plus sign. `mistyped`: the check digit does not match, so a
 * digit is wrong or two neighbours are swapped.
 */
export type ReceiptCodeFault = "empty" | "not_digits" | "too_short" | "too_long" | "telephone" | "mistyped";

export class ReceiptCodeError extends Fault<ReceiptCodeFault> {}

/** Bytes of the portal salt. */
export const PORTAL_SALT_LENGTH = 16;

const CODE_LENGTH = 20;
/** Longer input is refused unread. */
const MAX_INPUT_LENGTH = 1000;
/** What a number is for: the same digits lead to two places that have nothing in common. */
const PURPOSES = { receipt: "postern receipt 1", draft: "postern draft 1" };
const ITERATIONS = 600_000;
const MAILBOX_BYTES = 20;
const KEY_BYTES = 32;
const DERIVED_BYTES = 64;

const DIGIT = /^\p{Nd}$/u;
/** As people write the number of a telephone, without separators and brackets. */
const TELEPHONE = /^\+?\p{Nd}{10,12}$/u;
/** Spaces, dashes (U+2212 is a minus sign), and invisible characters from copy and paste. */
const SEPARATOR = /[\s\p{Z}\p{Pd}\p{Cf}\u2212]/gu;

/** Damm's totally anti-symmetric quasigroup of order 10 (H. M. Damm, 2004). Row: interim digit; column: next digit. */
const DAMM = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

/** A new receipt code of 20 digits without spaces: 19 random digits and a check digit. */
export function createReceiptCode(): string {
  let digits = "";
  while (digits.length < CODE_LENGTH - 1) {
    for (const byte of crypto.getRandomValues(new Uint8Array(CODE_LENGTH))) {
      // Rejection sampling: 250 is the largest multiple of ten in a byte, so that all digits are equally likely.
      if (byte < 250 && digits.length < CODE_LENGTH - 1) digits += byte % 10;
    }
  }
  return digits + damm(digits);
}

/** The code in groups of four, for display: `1234 5678 9012 3456 7890`. */
export function formatReceiptCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1 ");
}

/**
 * The code in `typed`, as 20 ASCII digits. Accepts spaces, dashes and the decimal digits of any script.
 * @throws ReceiptCodeError
 */
export function parseReceiptCode(typed: string): string {
  if (typed.length > MAX_INPUT_LENGTH)
    throw new ReceiptCodeError("too_long", "this is much longer than a receipt code");
  const bare = typed.replace(SEPARATOR, "");
  if (TELEPHONE.test(bare.replace(/[()]/g, "")))
    throw new ReceiptCodeError("telephone", "this is the length of a telephone number");
  let digits = "";
  for (const character of bare) {
    const value = decimalValue(character);
    if (value === null) throw new ReceiptCodeError("not_digits", "a receipt code has digits only");
    digits += value;
  }
  if (digits === "") throw new ReceiptCodeError("empty", "there is no receipt code");
  if (digits.length !== CODE_LENGTH) {
    const code = digits.length < CODE_LENGTH ? "too_short" : "too_long";
    throw new ReceiptCodeError(code, `a receipt code has ${CODE_LENGTH} digits, not ${digits.length}`);
  }
  if (damm(digits) !== "0") throw new ReceiptCodeError("mistyped", "a digit of the receipt code is wrong");
  return digits;
}

/** PBKDF2 with HMAC-SHA-512 (RFC 8018, 5.2): `bytes` derived in so many iterations. */
export type Pbkdf2 = (
  secret: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
  bytes: number,
) => Uint8Array | Promise<Uint8Array>;

/**
 * The mailbox and the reply key of `code` on one portal. Takes about half a second of PBKDF2, by design.
 * @param code anything {@link parseReceiptCode} accepts
 * @param portalSalt 16 bytes that never change on one portal
 * @param pbkdf2 where it is to be computed; by WebCrypto unless given
 * @throws ReceiptCodeError, RangeError
 */
export function deriveReplyAddress(
  code: string,
  portalSalt: Uint8Array,
  pbkdf2: Pbkdf2 = byWebCrypto,
): Promise<ReplyAddress> {
  return derive("receipt", code, portalSalt, pbkdf2);
}

/**
 * The mailbox and the key of the draft with the number `code`; see {@link deriveReplyAddress}.
 * @throws ReceiptCodeError, RangeError
 */
export function deriveDraftAddress(code: string, portalSalt: Uint8Array): Promise<ReplyAddress> {
  return derive("draft", code, portalSalt, byWebCrypto);
}

async function derive(
  purpose: keyof typeof PURPOSES,
  code: string,
  portalSalt: Uint8Array,
  pbkdf2: Pbkdf2,
): Promise<ReplyAddress> {
  if (portalSalt.length !== PORTAL_SALT_LENGTH) {
    throw new RangeError(`expected a portal salt of ${PORTAL_SALT_LENGTH} bytes, got ${portalSalt.length}`);
  }
  const prefix = new TextEncoder().encode(PURPOSES[purpose]);
  const salt = new Uint8Array(prefix.length + PORTAL_SALT_LENGTH);
  salt.set(prefix);
  salt.set(portalSalt, prefix.length);
  const digits = new TextEncoder().encode(parseReceiptCode(code));
  const derived = await pbkdf2(digits, salt, ITERATIONS, DERIVED_BYTES);
  return {
    mailbox: toBase32(derived.subarray(0, MAILBOX_BYTES)),
    key: toBase32(derived.subarray(DERIVED_BYTES - KEY_BYTES)),
  };
}

const byWebCrypto: Pbkdf2 = async (secret, salt, iterations, bytes) => {
  const key = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
  const settings = { name: "PBKDF2", hash: "SHA-512", salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(settings, key, bytes * 8));
};

/** The check digit for `digits`; "0" if they already end in a matching one. */
function damm(digits: string): string {
  let interim = "0";
  for (const digit of digits) interim = DAMM[Number(interim)]?.charAt(Number(digit)) ?? "";
  return interim;
}

/** The value of a decimal digit of any script; null for other characters. */
function decimalValue(character: string): number | null {
  if (!DIGIT.test(character)) return null;
  const point = character.codePointAt(0) ?? 0;
  let zero = point;
  // Scripts encode their digits as ten code points from zero upwards (The Unicode Standard, 4.6), some back to back.
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (point - zero) % 10;
}
