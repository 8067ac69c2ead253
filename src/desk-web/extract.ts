import { ArchiveError, readArchive } from "../core/index.js";

/** Size of the parts of a growing Blob: a browser can move them to disk. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * One file of a submission's archive, or its first `maxBytes` bytes. Resolves only after the whole archive has been
 * read and authenticated.
 * @throws ArchiveError, or the stream's own error
 */
export async function extractFile(
  archive: ReadableStream<Uint8Array>,
  path: string,
  maxBytes: number | null = null,
): Promise<Blob> {
  let found: Blob | null = null;
  for await (const entry of readArchive(archive)) {
    if (entry.kind === "file" && entry.path === path) found = await collect(entry.body, maxBytes ?? entry.size);
  }
  if (found === null) throw new ArchiveError("malformed", "there is no such file in the archive");
  return found;
}

/**
 * A whole archive, read to its end and checked against the archive rules.
 * @throws ArchiveError, or the stream's own error
 */
export async function extractArchive(archive: ReadableStream<Uint8Array>): Promise<Blob> {
  const whole = await collect(archive, Number.POSITIVE_INFINITY);
  for await (const _entry of readArchive(whole.stream()));
  return whole;
}

/** At most `maxBytes` of `stream`; the rest is left unread. */
export async function collect(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Blob> {
  const parts: Blob[] = [];
  let portion: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  let left = maxBytes;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done && left > 0; next = await reader.read()) {
    const kept = new Uint8Array(next.value.subarray(0, left));
    portion.push(kept);
    held += kept.length;
    left -= kept.length;
    if (held < PART_BYTES) continue;
    parts.push(new Blob(portion));
    portion = [];
    held = 0;
  }
  reader.releaseLock();
  return new Blob([...parts, ...portion]);
}
