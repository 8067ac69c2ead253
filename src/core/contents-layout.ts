import { SUBMISSION_LAYOUT } from "./archive-layout.js";
import { readTarHeader } from "./tar-header.js";

/**
 * What the plaintext of a message is: an archive of a `form` of ours, a `folder` that a person packed with tar, or one
 * `document`.
 */
export type ContentsLayout = "form" | "folder" | "document";

/** Bytes that {@link layoutOf} needs. */
export const LAYOUT_HEAD_BYTES = 512;

/**
 * Judges the beginning of the plaintext. What begins like ours is to be read strictly, and must not pass for anything
 * else.
 */
export function layoutOf(head: Uint8Array): ContentsLayout {
  const header = readTarHeader(head);
  if (header === null) return SUBMISSION_LAYOUT.root.test(rootOf(head)) ? "form" : "document";
  return SUBMISSION_LAYOUT.root.test(header.path.split("/")[0] ?? "") ? "form" : "folder";
}

/** The root folder in a header that may be damaged. */
function rootOf(head: Uint8Array): string {
  const magic = String.fromCharCode(...head.subarray(257, 262));
  return magic === "ustar" ? (String.fromCharCode(...head.subarray(0, 100)).split("/")[0] ?? "") : "";
}
