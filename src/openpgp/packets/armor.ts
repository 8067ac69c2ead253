import { ArmorReader, HYPHEN, MAX_LINE_BYTES } from "./armor-reader.js";

const WHITE_SPACE = new Set([0x20, 0x09, 0x0d, 0x0a]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Removes ASCII armor from a message (RFC 9580 section 6), and passes binary data through unchanged. Strict and in
 * constant memory: one block, well-formed headers, a right checksum if there is one, only white space around it.
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
        if (begin === held.length && held.length < MAX_LINE_BYTES) return;
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

/** Bytes of white space at the beginning, and of a byte order mark or its first bytes. */
function leading(bytes: Uint8Array): number {
  const start = bytes.subarray(0, BYTE_ORDER_MARK.length);
  let at = start.every((byte, index) => byte === BYTE_ORDER_MARK[index]) ? start.length : 0;
  while (WHITE_SPACE.has(bytes[at] ?? -1)) at += 1;
  return at;
}
