import { joinBytes } from "../../core/index.js";
import { MIN_FIRST_PARTIAL_BYTES, PacketError, readBodyLength, readPacketHeader } from "./packet-header.js";

export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** More packets than `maxPackets`: programs need seconds for each megabyte of tiny ones. */
export class TooManyPacketsError extends PacketError {}

/** The packets in `bytes`: all of {@link packetsIn}. */
export function readPackets(bytes: Uint8Array, maxPackets = Number.POSITIVE_INFINITY): Packet[] {
  return [...packetsIn(bytes, maxPackets)];
}

/**
 * The packets in `bytes` (RFC 9580 section 4.2), one by one.
 * @throws TooManyPacketsError
 * @throws PacketError, also for partial lengths under 512 bytes: no program writes them, and they cost more than they
 * hold
 */
export function* packetsIn(bytes: Uint8Array, maxPackets = Number.POSITIVE_INFINITY): Generator<Packet> {
  let count = 0;
  for (let rest = bytes; rest.length > 0; ) {
    if (count === maxPackets) {
      throw new TooManyPacketsError("malformed_packet", `the message holds more than ${maxPackets} packets`);
    }
    count += 1;
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
      if (length.bytes < MIN_FIRST_PARTIAL_BYTES) throw new PacketError("unsupported", "a partial body is too short");
      const next = whole(readBodyLength(rest));
      length = next.length;
      rest = rest.subarray(next.taken);
    }
    yield { tag, body: joined(portions) };
  }
}

function joined(portions: readonly Uint8Array[]): Uint8Array {
  const [first] = portions;
  if (first !== undefined && portions.length === 1) return first;
  return joinBytes(portions);
}

function whole<Value>(read: Value | null): Value {
  if (read === null) throw cutOff();
  return read;
}

function cutOff(): PacketError {
  return new PacketError("malformed_packet", "a packet is cut off");
}
