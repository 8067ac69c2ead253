import { MAX_SHORT_BYTES } from "./decryption.js";
import { armorBlocks, asciiText, beginsWithPacket, withoutArmor } from "./packets/index.js";
import { peek } from "./peek.js";

/**
 * The binary message in a file that may have reached staff by another way than the portal's: a mail, a messenger, an
 * editor. One of up to {@link MAX_SHORT_BYTES} may have anything around its armor, in any encoding of text; a longer
 * one must be armored well. The stream fails with ArmorError.
 */
export async function messageIn(file: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const { head, stream } = await peek(file, MAX_SHORT_BYTES);
  if (stream !== null) return stream.pipeThrough(withoutArmor());
  const armored = armoredMessage(head);
  return armored === null ? new Blob([head]).stream().pipeThrough(withoutArmor()) : new Blob([armored]).stream();
}

/** {@link messageIn} for a file in memory. @throws ArmorError */
export async function messageInBytes(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (beginsWithPacket(file)) return file;
  const armored = armoredMessage(file);
  if (armored !== null) return armored;
  return new Uint8Array(await new Response(new Blob([file]).stream().pipeThrough(withoutArmor())).arrayBuffer());
}

/** The only message in a text, read as leniently as GnuPG and more; null if there is none or another. */
function armoredMessage(file: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (beginsWithPacket(file)) return null;
  const [block, ...others] = armorBlocks(asciiText(file)).filter(({ kind }) => kind === "MESSAGE");
  if (block === undefined || others.length > 0 || !block.whole || block.data === null) return null;
  return new Uint8Array(block.data);
}
