import { createMessage, type Message } from "openpgp";
import { rechunk } from "./rechunk.js";

/** openpgp.js writes one partial length per chunk. Equal chunks reveal no more than the total size does. */
const CHUNK_BYTES = 256 * 1024;

const MAX_NAME_BYTES = 255;

/** A literal data packet around `content` (RFC 9580 section 5.9): binary, date 0, no file name that is too long. */
export async function literalData(
  content: ReadableStream<Uint8Array>,
  fileName = "",
): Promise<Message<ReadableStream<Uint8Array>>> {
  const filename = new TextEncoder().encode(fileName).length > MAX_NAME_BYTES ? "" : fileName;
  return createMessage({ binary: content.pipeThrough(rechunk(CHUNK_BYTES)), filename, date: new Date(0) });
}
