import { createHash } from "node:crypto";
import { createTarPacker } from "modern-tar";
import { nullIfNotFound, type StoredSubmission, SUBMISSION_SUFFIX, type Submissions } from "../store/index.js";
import { MANIFEST } from "./export.js";

/** Called after each whole submission, with its SHA-256 in hex. */
export type OnPacked = (id: string, sha256: string) => void;

const METADATA = { mode: 0o600, uid: 0, gid: 0 };

/**
 * Streams `chosen` as one tar: a file `<id>.tar.gpg` each, and last MANIFEST.txt with their SHA-256. Leaves out
 * submissions removed in the meantime.
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
        ...METADATA,
        name: id + SUBMISSION_SUFFIX,
        size: bytes,
        type: "file",
        // The desk keeps the day of arrival.
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
    const entry = controller.add({
      ...METADATA,
      name: MANIFEST,
      size: manifest.length,
      type: "file",
      mtime: new Date(0),
    });
    await new Blob([manifest]).stream().pipeTo(entry as WritableStream<Uint8Array>);
    controller.finalize();
  }
}
