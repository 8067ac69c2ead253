import { createHash } from "node:crypto";
import { createTarPacker } from "modern-tar";
import { nullIfNotFound, type StoredSubmission, SUBMISSION_SUFFIX, type Submissions } from "../store/index.js";
import { MANIFEST } from "./export.js";

/** Told of each submission that has gone into the tar whole, with its SHA-256. */
export type OnPacked = (id: string, sha256: string) => void;

/** Bytes beside the contents: a manifest of 10^5 lines is no reason to hold a file. */
const NAMES = { mode: 0o600, uid: 0, gid: 0 };

/**
 * All of `chosen` as one tar, streamed: `<id>.tar.gpg` each, and at the end MANIFEST.txt with the SHA-256 of every one. What
 * was removed meanwhile is left out.
 */
export function packBatch(
  chosen: readonly StoredSubmission[],
  submissions: Submissions,
  onPacked: OnPacked,
): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker();
  pack().catch((cause: unknown) => controller.error(cause));
  return readable as ReadableStream<Uint8Array>;

  async function pack(): Promise<void> {
    const lines: string[] = [];
    for (const { id, bytes, day } of chosen) {
      const content = await submissions.get(id).catch(nullIfNotFound);
      if (content === null) continue;
      const hash = createHash("sha256");
      const entry = controller.add({
        ...NAMES,
        name: id + SUBMISSION_SUFFIX,
        size: bytes,
        type: "file",
        // The day on which it came, which the desk keeps.
        mtime: new Date(`${day}T00:00:00Z`),
      });
      const counted = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, out) {
          hash.update(chunk);
          out.enqueue(chunk);
        },
      });
      await content.pipeThrough(counted).pipeTo(entry as WritableStream<Uint8Array>);
      const sha256 = hash.digest("hex");
      lines.push(`${sha256}  ${id}${SUBMISSION_SUFFIX}\n`);
      onPacked(id, sha256);
    }
    const manifest = new TextEncoder().encode(lines.join(""));
    const entry = controller.add({ ...NAMES, name: MANIFEST, size: manifest.length, type: "file", mtime: new Date(0) });
    await new Blob([manifest]).stream().pipeTo(entry as WritableStream<Uint8Array>);
    controller.finalize();
  }
}
