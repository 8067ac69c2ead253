import { type PacketHeader, readPacketHeader } from "./packet-header.js";

const PKESK = 1;
const SKESK = 3;
const MARKER = 10;

/** The beginning of an encrypted message: its session key packets. */
export interface SessionKeyPart {
  /** Number of session key packets, for recipients and for passwords. */
  readonly count: number;
  readonly passwords: number;
  /** Number of packets, with those that have to be ignored. */
  readonly packets: number;
  /** Bytes before the encrypted data packet. */
  readonly bytes: number;
  /** Tag of the first packet of another kind; null if `head` ends before one. */
  readonly next: number | null;
  /** The first bytes of that packet's body, as far as `head` holds them. */
  readonly body: Uint8Array;
}

/** Walks over the session key packets at the start of `head`, which may be cut off. Stops at the first fault. */
export function readSessionKeyPart(head: Uint8Array): SessionKeyPart {
  const counts = { [PKESK]: 0, [SKESK]: 0, [MARKER]: 0 };
  let at = 0;
  const part = (next: number | null, body: Uint8Array = new Uint8Array(0)): SessionKeyPart => ({
    count: counts[PKESK] + counts[SKESK],
    passwords: counts[SKESK],
    packets: counts[PKESK] + counts[SKESK] + counts[MARKER],
    bytes: at,
    next,
    body,
  });
  for (;;) {
    const read = headerAt(head, at);
    if (read === null) return part(null);
    const { tag, length } = read.header;
    const start = at + read.taken;
    if (tag !== PKESK && tag !== SKESK && tag !== MARKER) return part(tag, head.subarray(start));
    // Only packets of data may have partial lengths (RFC 9580 section 4.2.1.4).
    if (length.partial) return part(null);
    counts[tag] += 1;
    at = start + length.bytes;
  }
}

function headerAt(bytes: Uint8Array, at: number): { header: PacketHeader; taken: number } | null {
  try {
    return readPacketHeader(bytes.subarray(at, at + 16));
  } catch {
    return null;
  }
}
