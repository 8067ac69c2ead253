import { Fault } from "../../core/index.js";

/** `not_armor`: it does not begin like any. `wrong_kind`: around something else than a message; `secret_key`: around one. */
export type ArmorFault =
  | "not_armor"
  | "malformed"
  | "wrong_kind"
  | "secret_key"
  | "truncated"
  | "bad_checksum"
  | "trailing_data";

export class ArmorError extends Fault<ArmorFault> {}

const HYPHEN = 0x2d;
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
const SPACE = new Set([0x20, 0x09, 0x0d]);
const LEADING = new Set([...SPACE, LINE_FEED]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Bytes of a line: RFC 9580 section 6.2 writes 76 at most, and headers are short. */
const LONGEST_LINE = 1000;
const MOST_HEADERS = 20;
const BEGIN = "-----BEGIN PGP MESSAGE-----";
const END = "-----END PGP MESSAGE-----";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Stands in the table for what is no base64. */
const NONE = 64;
const VALUES = Uint8Array.from({ length: 256 }, (_none, byte) => {
  const value = ALPHABET.indexOf(String.fromCharCode(byte));
  return value === -1 ? NONE : value;
});
const CRC24_INITIAL = 0xb704ce;
const CRC24_GENERATOR = 0x1864cfb;

/**
 * Takes ASCII armor off a message (RFC 9580 section 6), and passes binary data through as it is. Strict and in constant
 * memory: one block, well-formed headers, the checksum if there is one, and nothing but space after it.
 *
 * The stream fails with ArmorError.
 */
export function withoutArmor(): TransformStream<Uint8Array, Uint8Array> {
  let armor: ArmorReader | null = null;
  let decided = false;
  let first: Uint8Array = new Uint8Array(0);
  return new TransformStream({
    transform(chunk, controller) {
      let bytes = chunk;
      if (!decided) {
        const held = new Uint8Array(first.length + chunk.length);
        held.set(first);
        held.set(chunk, first.length);
        first = held;
        const begin = leading(held);
        if (begin === held.length && held.length < LONGEST_LINE) return;
        decided = true;
        if (held[begin] === HYPHEN) armor = new ArmorReader((decoded) => controller.enqueue(decoded));
        bytes = armor === null ? held : held.subarray(begin);
      }
      if (armor === null) controller.enqueue(bytes);
      else armor.push(bytes);
    },
    flush(controller) {
      if (!decided && first.length > 0) controller.enqueue(first);
      armor?.finish();
    },
  });
}

/** How many bytes of space, and of a byte order mark or of what may yet become one, stand at the beginning. */
function leading(bytes: Uint8Array): number {
  const start = bytes.subarray(0, BYTE_ORDER_MARK.length);
  let at = start.every((byte, index) => byte === BYTE_ORDER_MARK[index]) ? start.length : 0;
  while (LEADING.has(bytes[at] ?? -1)) at += 1;
  return at;
}

type Part = "begin" | "headers" | "body" | "checksum" | "end";

class ArmorReader {
  readonly #give: (bytes: Uint8Array) => void;
  readonly #line = new Uint8Array(LONGEST_LINE);
  #length = 0;
  /** What has been decoded of the present chunk: lines are short, and each would cost as much on its way as a chunk. */
  #decoded = new Uint8Array(0);
  #filled = 0;
  #part: Part = "begin";
  #headers = 0;
  #checksum = CRC24_INITIAL;
  #padded = false;

  constructor(give: (bytes: Uint8Array) => void) {
    this.#give = give;
  }

  push(bytes: Uint8Array): void {
    this.#decoded = new Uint8Array(bytes.length + LONGEST_LINE);
    this.#filled = 0;
    let at = 0;
    while (at < bytes.length) {
      const end = bytes.indexOf(LINE_FEED, at);
      const rest = bytes.subarray(at, end === -1 ? bytes.length : end);
      if (this.#length + rest.length > LONGEST_LINE) throw malformed("a line is far too long");
      this.#line.set(rest, this.#length);
      this.#length += rest.length;
      at += rest.length + 1;
      if (end === -1) break;
      this.#endLine();
    }
    if (this.#filled > 0) this.#give(this.#decoded.subarray(0, this.#filled));
  }

  finish(): void {
    if (this.#length > 0) this.#endLine();
    if (this.#part !== "end") throw new ArmorError("truncated", "the armor ends too early");
  }

  #endLine(): void {
    let length = this.#length;
    while (length > 0 && SPACE.has(this.#line[length - 1] ?? -1)) length -= 1;
    this.#length = 0;
    const line = this.#line.subarray(0, length);
    // Most lines are data, which is not made a string of.
    if (this.#part === "body" && length > 0 && line[0] !== HYPHEN && line[0] !== EQUALS) this.#decode(line);
    else this.#read(String.fromCharCode(...line));
  }

  #read(line: string): void {
    if (this.#part === "begin") this.#begin(line);
    else if (this.#part === "headers") this.#header(line);
    else if (this.#part === "end") {
      if (line !== "") throw new ArmorError("trailing_data", "something follows the armor");
    } else if (line === END) this.#part = "end";
    else if (this.#part === "checksum") throw malformed("something stands between the checksum and the end");
    else if (/^=[A-Za-z0-9+/]{4}$/.test(line)) this.#check(line.slice(1));
    else throw malformed("a line is not base64");
  }

  #begin(line: string): void {
    if (line === BEGIN) this.#part = "headers";
    else if (line.startsWith("-----BEGIN PGP PRIVATE")) throw new ArmorError("secret_key", "this is a secret key");
    else if (line.startsWith("-----BEGIN PGP ")) throw new ArmorError("wrong_kind", "this is not an encrypted message");
    else throw new ArmorError("not_armor", "this does not begin like armor");
  }

  #header(line: string): void {
    this.#headers += 1;
    if (line === "") this.#part = "body";
    else if (!/^[!-9;-~]+: /.test(line) || this.#headers > MOST_HEADERS) throw malformed("a header is malformed");
  }

  /** RFC 4648 section 4, whole lines only. Padding ends the data: nothing may come after it. */
  #decode(line: Uint8Array): void {
    if (this.#padded || line.length % 4 !== 0) throw malformed("a line is not base64");
    const padding = line.at(-1) !== EQUALS ? 0 : line.at(-2) !== EQUALS ? 1 : 2;
    this.#padded = padding > 0;
    const from = this.#filled;
    for (let at = 0; at < line.length; at += 4) {
      let bits = 0;
      for (let index = at; index < at + 4; index += 1) {
        const value = index >= line.length - padding ? 0 : (VALUES[line[index] ?? 0] ?? NONE);
        if (value === NONE) throw malformed("a line is not base64");
        bits = (bits << 6) | value;
      }
      this.#decoded[this.#filled++] = bits >> 16;
      this.#decoded[this.#filled++] = bits >> 8;
      this.#decoded[this.#filled++] = bits;
    }
    this.#filled -= padding;
    for (let at = from; at < this.#filled; at += 1) {
      const row = ((this.#checksum >> 16) ^ (this.#decoded[at] ?? 0)) & 0xff;
      this.#checksum = ((this.#checksum << 8) ^ (CRC24[row] ?? 0)) & 0xffffff;
    }
  }

  #check(encoded: string): void {
    const [high = 0, middle = 0, low = 0] = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    if (((high << 16) | (middle << 8) | low) !== this.#checksum) {
      throw new ArmorError("bad_checksum", "the armor's checksum is wrong");
    }
    this.#part = "checksum";
  }
}

/** CRC-24 of each byte (RFC 9580 section 6.1.1). */
const CRC24 = Int32Array.from({ length: 256 }, (_none, byte) => {
  let checksum = byte << 16;
  for (let bit = 0; bit < 8; bit += 1) {
    checksum <<= 1;
    if ((checksum & 0x1000000) !== 0) checksum ^= CRC24_GENERATOR;
  }
  return checksum & 0xffffff;
});

function malformed(why: string): ArmorError {
  return new ArmorError("malformed", why);
}
