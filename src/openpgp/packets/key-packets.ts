import { PacketError, readPacketHeader } from "./packet-header.js";
import type { Packet } from "./packet-reader.js";

/**
 * The packets at the beginning of `bytes`, up to the first that is cut off or is no packet of definite length, as all
 * packets of a key are (RFC 9580 section 4.2.1.4).
 * @returns the packets, and whether they are all that `bytes` hold
 */
export function readLeadingPackets(bytes: Uint8Array): { readonly packets: readonly Packet[]; readonly all: boolean } {
  const packets: Packet[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const read = readHeader(rest);
    if (read === null || read.header.length.partial) break;
    const end = read.taken + read.header.length.bytes;
    if (end > rest.length) break;
    packets.push({ tag: read.header.tag, body: rest.subarray(read.taken, end) });
    rest = rest.subarray(end);
  }
  return { packets, all: rest.length === 0 };
}

function readHeader(bytes: Uint8Array): ReturnType<typeof readPacketHeader> {
  try {
    return readPacketHeader(bytes);
  } catch (cause) {
    if (cause instanceof PacketError) return null;
    throw cause;
  }
}
