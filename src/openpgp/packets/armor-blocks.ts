/** What lies between the two marker lines of an armor block. */
export interface ArmorBlock {
  /** As the marker names it, such as `PRIVATE KEY BLOCK`. */
  readonly kind: string;
  /** Null if it is not base64. */
  readonly data: Uint8Array | null;
  /** Whether its end marker is there. */
  readonly whole: boolean;
}

const MARKER = /-----(BEGIN|END) PGP ([A-Z ]+)-----/g;
const BEGIN_MESSAGE = "-----BEGIN PGP MESSAGE-----";
const CHECKSUM = /^=[A-Za-z0-9+/]{4}$/;
/** What mail programs put before and after a line; a byte order mark counts as white space. */
const AROUND_LINE = /^[\s>]+|\s+$/g;

/**
 * The text of a file in UTF-8 or another extension of ASCII, or in UTF-16 with or without a byte order mark. Characters
 * beyond ASCII may come out wrong: armor has none.
 */
export function asciiText(contents: Uint8Array): string {
  return new TextDecoder(encodingOf(contents)).decode(contents);
}

/** Whether `head`, the beginning of a file, is text that speaks of a message. */
export function holdsArmor(head: Uint8Array): boolean {
  return !beginsWithPacket(head) && asciiText(head).includes(BEGIN_MESSAGE);
}

/** Whether a file may begin with a packet of a message; text, in whatever encoding, does not. */
export function beginsWithPacket([first = 0]: Uint8Array): boolean {
  return first >= 0x80 && first < 0xe0;
}

function encodingOf([first, second, third, fourth]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return "utf-16le";
  return first === 0 && third === 0 && second !== 0 && fourth !== 0 ? "utf-16be" : "latin1";
}

/**
 * Every armor block in `text`, as leniently as GnuPG reads them: anything around a block, empty lines in it, quoted
 * lines, no checksum or a wrong one (RFC 9580 section 6.1). Takes time in proportion to the text.
 */
export function armorBlocks(text: string): ArmorBlock[] {
  const markers = [...text.matchAll(MARKER)];
  return markers.flatMap((marker, index) => {
    const [line, edge, kind = ""] = marker;
    if (edge !== "BEGIN") return [];
    const next = markers[index + 1];
    const whole = next?.[1] === "END" && next[2] === kind;
    return [{ kind, data: decode(text.slice(marker.index + line.length, next?.index)), whole }];
  });
}

function decode(body: string): Uint8Array | null {
  const lines = body.split(/\r\n|[\r\n]/).map((line) => line.replace(AROUND_LINE, ""));
  const end = lines.findIndex((line) => CHECKSUM.test(line));
  // Only headers contain a colon (RFC 9580 section 6.2.2).
  const data = lines.slice(0, end === -1 ? undefined : end).filter((line) => !line.includes(":"));
  try {
    return Uint8Array.from(atob(data.join("")), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
