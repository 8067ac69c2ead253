import { Fault } from "../../core/index.js";
import { decodeLine, isBase64, paddingOf } from "./base64-line.js";
import { concat } from "./concat.js";
import { CRC24_INITIAL, crc24 } from "./crc24.js";

/** `not_armor`: no armor at all. `wrong_kind`: armor around something else. `secret_key`: around a secret key. */
export type ArmorFault =
  | "not_armor"
  | "malformed"
  | "wrong_kind"
  | "secret_key"
  | "truncated"
  | "bad_checksum"
  | "trailing_data";

export class ArmorError extends Fault<ArmorFault> {}

export const HYPHEN = 0x2d;
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
/** Base64 characters that make whole bytes together. */
const GROUP = 4;
const SPACE = new Set([0x20, 0x09, 0x0d]);
/** Lines have at most 76 characters (RFC 9580 section 6.2), and headers are short. */
const MAX_LINE_BYTES = 1000;
const MAX_HEADERS = 20;
const BEGIN = "-----BEGIN PGP MESSAGE-----";
const END = "-----END PGP MESSAGE-----";

type Part = "begin" | "headers" | "body" | "checksum" | "end";

/** Decodes one armor block, line by line, in memory that does not grow with it (RFC 9580 section 6.2). */
export class ArmorReader {
  readonly #give: (bytes: Uint8Array) => void;
  readonly #line = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  /** Decoded bytes of the current chunk: `#give` per line would cost as much as per chunk. */
  #decoded = new Uint8Array(0);
  #filled = 0;
  #part: Part = "begin";
  #headers = 0;
  #checksum = CRC24_INITIAL;
  #padded = false;
  /** Characters of a group of four whose others come in the next line. */
  #rest: Uint8Array = new Uint8Array(0);

  /** @param give called with decoded bytes, at most once per chunk */
  constructor(give: (bytes: Uint8Array) => void) {
    this.#give = give;
  }

  /** @throws ArmorError */
  push(bytes: Uint8Array): void {
    this.#decoded = new Uint8Array(bytes.length + MAX_LINE_BYTES);
    this.#filled = 0;
    let at = 0;
    while (at < bytes.length) {
      const end = bytes.indexOf(LINE_FEED, at);
      const rest = bytes.subarray(at, end === -1 ? bytes.length : end);
      if (this.#length + rest.length > MAX_LINE_BYTES) throw malformed("a line is far too long");
      this.#line.set(rest, this.#length);
      this.#length += rest.length;
      at += rest.length + 1;
      if (end === -1) break;
      this.#endLine();
    }
    if (this.#filled > 0) this.#give(this.#decoded.subarray(0, this.#filled));
  }

  /** @throws ArmorError */
  finish(): void {
    // Cut off in the middle of a line, base64 is rarely whole.
    if (this.#part === "body" && this.#line[0] !== HYPHEN) throw truncated();
    if (this.#length > 0) this.#endLine();
    if (this.#part !== "end") throw truncated();
  }

  #endLine(): void {
    let length = this.#length;
    while (length > 0 && SPACE.has(this.#line[length - 1] ?? -1)) length -= 1;
    this.#length = 0;
    let start = 0;
    while (start < length && SPACE.has(this.#line[start] ?? -1)) start += 1;
    const line = this.#line.subarray(start, length);
    // Most lines are data: they never become strings.
    if (this.#part === "body" && length > 0 && line[0] !== HYPHEN && line[0] !== EQUALS) this.#decode(line);
    else this.#read(String.fromCharCode(...line));
  }

  #read(line: string): void {
    if (this.#part === "begin") this.#begin(line);
    else if (this.#part === "headers") this.#header(line);
    else if (line === "") return;
    else if (this.#part === "end") throw new ArmorError("trailing_data", "something follows the armor");
    else if (line === END) this.#end();
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
    else if (!/^[!-9;-~]+:(?: |$)/.test(line) || this.#headers > MAX_HEADERS) throw malformed("a header is malformed");
  }

  /** Other programs break lines at any place: what is over of one belongs to the next. */
  #decode(added: Uint8Array): void {
    const all = this.#rest.length === 0 ? added : concat(this.#rest, added);
    const over = all.length % GROUP;
    this.#rest = all.slice(all.length - over);
    const line = all.subarray(0, all.length - over);
    // Padding ends the data.
    const count = this.#padded ? null : decodeLine(line, this.#decoded, this.#filled);
    if (count === null || !isBase64(this.#rest)) throw malformed("a line is not base64");
    this.#padded = paddingOf(line) > 0;
    this.#checksum = crc24(this.#checksum, this.#decoded.subarray(this.#filled, this.#filled + count));
    this.#filled += count;
  }

  #end(): void {
    if (this.#rest.length > 0) throw malformed("the last line is not whole");
    this.#part = "end";
  }

  #check(encoded: string): void {
    if (this.#rest.length > 0) throw malformed("the last line is not whole");
    const [high = 0, middle = 0, low = 0] = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    if (((high << 16) | (middle << 8) | low) !== this.#checksum) {
      throw new ArmorError("bad_checksum", "the armor's checksum is wrong");
    }
    this.#part = "checksum";
  }
}

function truncated(): ArmorError {
  return new ArmorError("truncated", "the armor ends too early");
}

function malformed(why: string): ArmorError {
  return new ArmorError("malformed", why);
}
