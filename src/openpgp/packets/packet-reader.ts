import { PacketError, readBodyLength, readPacketHeader, SMALLEST_FIRST_PARTIAL } from "./packet-header.js";

export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

/**
 * The packets that `bytes` consist of, when all of them are in memory (RFC 9580 section 4.2).
 * @throws PacketError, also for portions of a body that are shorter than any program makes them: they cost more than they hold
 */
export function readPackets(bytes: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const read = whole(readPacketHeader(rest));
    const { tag } = read.header;
    let { length } = read.header;
    rest = rest.subarray(read.taken);
    const portions: Uint8Array[] = [];
    for (;;) {
      if (rest.length < length.bytes) throw cutOff();
      portions.push(rest.subarray(0, length.bytes));
      rest = rest.subarray(length.bytes);
      if (!length.partial) break;
      if (length.bytes < SMALLEST_FIRST_PARTIAL) throw new PacketError("unsupported", "a partial body is too short");
      const next = whole(readBodyLength(rest));
      length = next.length;
      rest = rest.subarray(next.taken);
    }
    packets.push({ tag, body: joined(portions) });
  }
  return packets;
}

function joined(portions: readonly Uint8Array[]): Uint8Array {
  const [first] = portions;
  if (first !== undefined && portions.length === 1) return first;
  const body = new Uint8Array(portions.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const portion of portions) {
    body.set(portion, at);
    at += portion.length;
  }
  return body;
}

function whole<Value>(read: Value | null): Value {
  if (read === null) throw cutOff();
  return read;
}

function cutOff(): PacketError {
  return new PacketError("malformed_packet", "a packet is cut off");
}
