import { ArmorReader } from "./armor-reader.js";
import { findStart, isWide, narrowed } from "./armor-start.js";
import { concat } from "./concat.js";

/**
 * Removes ASCII armor from a message (RFC 9580 section 6), and passes binary data through unchanged. Strict and in
 * constant memory: one block, well-formed headers, a right checksum if there is one. Text may stand before it, as GnuPG
 * allows, and the whole may be UTF-16.
 *
 * The stream fails with ArmorError.
 * @param onText called if there is text before the armor, none of which comes through
 */
export function withoutArmor(onText?: () => void): TransformStream<Uint8Array, Uint8Array> {
  let armor: ArmorReader | null = null;
  let decided = false;
  let wide: boolean | null = null;
  /** The beginning, until it is decided what it is. */
  let held: Uint8Array = new Uint8Array(0);

  function decide(controller: TransformStreamDefaultController<Uint8Array>, complete: boolean): void {
    const start = findStart(held, complete);
    if (start.kind === "undecided") return;
    decided = true;
    if (start.kind === "binary") controller.enqueue(held);
    else {
      if (start.text) onText?.();
      armor = new ArmorReader((decoded) => controller.enqueue(decoded));
      armor.push(held.subarray(start.at));
    }
    held = new Uint8Array(0);
  }

  return new TransformStream({
    transform(chunk, controller) {
      if (decided && armor === null) return controller.enqueue(chunk);
      const bytes = wide === true ? narrowed(chunk) : chunk;
      if (armor !== null) return armor.push(bytes);
      held = concat(held, bytes);
      if (wide === null) {
        if (held.length < 2) return;
        wide = isWide(held);
        if (wide) held = narrowed(held);
      }
      decide(controller, false);
    },
    flush(controller) {
      if (!decided && held.length > 0) decide(controller, true);
      armor?.finish();
    },
  });
}
