import { ArchiveError } from "./archive-error.js";
import { type ArchiveLayout, placeEntry } from "./archive-layout.js";
import { HeaderError, readUstarHeader, type UstarHeader } from "./ustar-header.js";

export interface ArchiveLimits {
  /** Maximum number of entries, folders and padding included. */
  readonly entries: number;
  /** Maximum bytes in all file bodies together, padding included. */
  readonly bytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = { entries: 1100, bytes: 4 * 1024 ** 3 };

/** An entry's header. */
export interface EntryHead {
  readonly kind: "folder" | "file";
  /** The archive's one root folder, such as `submission-` and 8 hex digits. */
  readonly root: string;
  /** Path below the root, without a trailing slash; empty for the root itself. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Headers have this size, and bodies are zero-filled to a multiple of it (POSIX.1-1988 ustar). */
export const BLOCK_BYTES = 512;
/** Limit on zeros after the end mark; GNU tar fills its last record of 20 blocks. */
export const MAX_TAIL_BYTES = 64 * 1024;

/**
 * Checks an archive that may come from an adversary. The caller reads it, as a stream or in memory, and passes the next
 * bytes to each method, fewer where the archive ends. Methods throw ArchiveError with the code of the first rule
 * broken.
 */
export class ArchiveRules {
  readonly #limits: ArchiveLimits;
  readonly #layout: ArchiveLayout;
  readonly #seen = new Set<string>();
  #root: string | undefined;
  #bytes = 0;
  #tail = 0;

  constructor(limits: ArchiveLimits, layout: ArchiveLayout) {
    this.#limits = limits;
    this.#layout = layout;
  }

  /** The entry whose header is `block`, or null if `block` is the first of the two that end the archive. */
  entry(block: Uint8Array): EntryHead | null {
    const header = nextHeader(block, this.#seen.size === 0);
    if (header === null) return null;
    const { root, path } = placeEntry(header, this.#root, this.#layout);
    this.#root = root;
    const key = fold(path);
    if (this.#seen.has(key)) throw new ArchiveError("duplicate_entry", "two entries of the archive have one name");
    this.#seen.add(key);
    const { entries, bytes } = this.#limits;
    if (this.#seen.size > entries) {
      throw new ArchiveError("too_many_entries", `the archive has over ${entries} entries`);
    }
    this.#bytes += header.size;
    if (this.#bytes > bytes) throw new ArchiveError("too_large", `the archive holds over ${bytes} bytes`);
    return { kind: header.kind, root, path, size: header.size };
  }

  /** The zero fill after a body of `size` bytes. */
  afterBody(fill: Uint8Array, size: number): void {
    if (fill.length < fillOf(size)) throw new ArchiveError("truncated", "the archive ends too early");
    if (!isZero(fill)) throw new ArchiveError("malformed", "there is something between two entries");
  }

  /** The second block of the end mark. */
  endMark(block: Uint8Array): void {
    if (block.length < BLOCK_BYTES) throw new ArchiveError("truncated", "the archive's end mark is cut off");
    if (!isZero(block)) throw new ArchiveError("malformed", "the archive's end mark is broken");
  }

  /** Bytes after the end mark, in chunks of any size. */
  afterEnd(rest: Uint8Array): void {
    this.#tail += rest.length;
    if (this.#tail > MAX_TAIL_BYTES || !isZero(rest)) {
      throw new ArchiveError("trailing_data", "something follows the end of the archive");
    }
  }

  /** Call last: checks that every required file has come. */
  complete(): void {
    for (const name of this.#layout.required) {
      if (!this.#seen.has(fold(name))) throw new ArchiveError("malformed", `the archive lacks ${name}`);
    }
  }
}

/** Zero bytes after a body of `size` bytes, up to the next block. */
export function fillOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

export function endsInside(): ArchiveError {
  return new ArchiveError("truncated", "the archive ends inside a file");
}

/** Equal for names that a case-insensitive file system treats as one; lower case alone tells ς from σ and ſ from s. */
function fold(path: string): string {
  return path.normalize("NFC").toLowerCase().toUpperCase();
}

function nextHeader(block: Uint8Array, first: boolean): UstarHeader | null {
  if (block.length < BLOCK_BYTES) {
    throw first
      ? new ArchiveError("not_an_archive", "this is too short to be an archive")
      : new ArchiveError("truncated", "the archive ends too early");
  }
  if (isZero(block)) {
    if (first) throw new ArchiveError("not_an_archive", "the archive is empty");
    return null;
  }
  try {
    return readUstarHeader(block);
  } catch (cause) {
    if (!(cause instanceof HeaderError)) throw cause;
    // After the first header, a wrong magic number means damage.
    const code = cause.code === "not_an_archive" && !first ? "malformed" : cause.code;
    throw new ArchiveError(code, cause.message, { cause });
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
