import { ArchiveError, readArchive } from "../core/index.js";

/** A browser may keep a large Blob on its disk; parts of this size keep it out of memory while it grows. */
const PART = 8 * 1024 * 1024;

/**
 * One file of a submission's archive, or its first `most` bytes. It comes only when the whole archive has been read: until then
 * nothing of it is authenticated.
 * @throws ArchiveError, or the stream's own error
 */
export async function takeOut(
  archive: ReadableStream<Uint8Array>,
  path: string,
  most: number | null = null,
): Promise<Blob> {
  let found: Blob | null = null;
  for await (const entry of readArchive(archive)) {
    if (entry.kind === "file" && entry.path === path) found = await gather(entry.body, most ?? entry.size);
  }
  if (found === null) throw new ArchiveError("malformed", "there is no such file in the archive");
  return found;
}

/**
 * A whole archive that has been read to its end.
 * @throws ArchiveError, or the stream's own error
 */
export async function takeWhole(archive: ReadableStream<Uint8Array>): Promise<Blob> {
  const whole = await gather(archive, Number.POSITIVE_INFINITY);
  for await (const _entry of readArchive(whole.stream()));
  return whole;
}

/** At most `most` bytes; the rest is left unread. */
async function gather(stream: ReadableStream<Uint8Array>, most: number): Promise<Blob> {
  const parts: Blob[] = [];
  let portion: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  let left = most;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done && left > 0; next = await reader.read()) {
    const kept = new Uint8Array(next.value.subarray(0, left));
    portion.push(kept);
    held += kept.length;
    left -= kept.length;
    if (held < PART) continue;
    parts.push(new Blob(portion));
    portion = [];
    held = 0;
  }
  reader.releaseLock();
  return new Blob([...parts, ...portion]);
}
