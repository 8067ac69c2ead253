import { createMessage, type Message } from "openpgp";
import { rechunk } from "./rechunk.js";

/** openpgp.js writes one partial length per chunk. Equal chunks reveal no more than the total size does. */
const CHUNK_BYTES = 256 * 1024;

/** A literal data packet around `content` (RFC 9580 section 5.9): binary, no file name, date 0. */
export async function literalData(content: ReadableStream<Uint8Array>): Promise<Message<ReadableStream<Uint8Array>>> {
  return createMessage({ binary: content.pipeThrough(rechunk(CHUNK_BYTES)), filename: "", date: new Date(0) });
}
