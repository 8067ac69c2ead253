import { Fault } from "./fault.js";

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

/** Hyphen, and what mail programs leave before armor. */
const HYPHEN = 0x2d;
const LEADING = new Set([0x20, 0x09, 0x0d, 0x0a]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Octets of a line: RFC 9580 section 6.2 writes 76 at most, and headers are short. */
const LONGEST_LINE = 1000;
const MOST_HEADERS = 20;
const BEGIN = "-----BEGIN PGP MESSAGE-----";
const END = "-----END PGP MESSAGE-----";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
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
      let octets = chunk;
      if (!decided) {
        const held = new Uint8Array(first.length + chunk.length);
        held.set(first);
        held.set(chunk, first.length);
        first = held;
        const begin = leading(held);
        if (begin === held.length && held.length < LONGEST_LINE) return;
        decided = true;
        if (held[begin] === HYPHEN) armor = new ArmorReader((decoded) => controller.enqueue(decoded));
        octets = armor === null ? held : held.subarray(begin);
      }
      if (armor === null) controller.enqueue(octets);
      else armor.push(octets);
    },
    flush(controller) {
      if (!decided && first.length > 0) controller.enqueue(first);
      armor?.finish();
    },
  });
}

/** How many octets of space, and of a byte order mark, stand at the beginning. */
function leading(octets: Uint8Array): number {
  let at = BYTE_ORDER_MARK.every((octet, index) => octets[index] === octet) ? BYTE_ORDER_MARK.length : 0;
  while (LEADING.has(octets[at] ?? -1)) at += 1;
  return at;
}

type Part = "begin" | "headers" | "body" | "checksum" | "end";

class ArmorReader {
  readonly #give: (octets: Uint8Array) => void;
  #line = "";
  #part: Part = "begin";
  #headers = 0;
  #checksum = CRC24_INITIAL;
  #given = false;

  constructor(give: (octets: Uint8Array) => void) {
    this.#give = give;
  }

  push(octets: Uint8Array): void {
    for (const octet of octets) {
      if (octet === 0x0a) {
        this.#read(this.#line.replace(/[ \t\r]+$/, ""));
        this.#line = "";
      } else {
        this.#line += String.fromCharCode(octet);
        if (this.#line.length > LONGEST_LINE) throw malformed("a line is far too long");
      }
    }
  }

  finish(): void {
    if (this.#line !== "") this.#read(this.#line.replace(/[ \t\r]+$/, ""));
    if (this.#part !== "end") throw new ArmorError("truncated", "the armor ends too early");
  }

  #read(line: string): void {
    if (this.#part === "begin") this.#begin(line);
    else if (this.#part === "headers") this.#header(line);
    else if (this.#part === "end") {
      if (line !== "") throw new ArmorError("trailing_data", "something follows the armor");
    } else if (line === END) this.#part = "end";
    else if (this.#part === "checksum") throw malformed("something stands between the checksum and the end");
    else if (/^=[A-Za-z0-9+/]{4}$/.test(line)) this.#check(line.slice(1));
    else this.#decode(line);
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

  #decode(line: string): void {
    // Padding ends the data: a padded line, or one that is not whole, may only be the last.
    if (this.#given || !BASE64.test(line) || line.length % 4 !== 0) throw malformed("a line is not base64");
    const octets = Uint8Array.from(atob(line), (character) => character.charCodeAt(0));
    this.#given = line.endsWith("=");
    for (const octet of octets) this.#checksum = crc24(this.#checksum, octet);
    this.#give(octets);
  }

  #check(encoded: string): void {
    const [high = 0, middle = 0, low = 0] = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    if (((high << 16) | (middle << 8) | low) !== this.#checksum) {
      throw new ArmorError("bad_checksum", "the armor's checksum is wrong");
    }
    this.#part = "checksum";
  }
}

function crc24(before: number, octet: number): number {
  let checksum = before ^ (octet << 16);
  for (let bit = 0; bit < 8; bit += 1) {
    checksum <<= 1;
    if ((checksum & 0x1000000) !== 0) checksum ^= CRC24_GENERATOR;
  }
  return checksum & 0xffffff;
}

function malformed(why: string): ArmorError {
  return new ArmorError("malformed", why);
}
