import { isEntryName } from "./entry-name.js";
import { Fault } from "./fault.js";
import { PADDING_NAME } from "./padding.js";
import { HeaderError, type HeaderFault, readUstarHeader, type UstarHeader } from "./ustar-header.js";

export type ArchiveFault =
  | HeaderFault
  | "truncated"
  | "unsafe_path"
  | "duplicate_entry"
  | "too_many_entries"
  | "too_large"
  | "trailing_data";

export class ArchiveError extends Fault<ArchiveFault> {}

export interface ArchiveLimits {
  /** Most entries, folders and padding included. */
  readonly entries: number;
  /** Most bytes in all file bodies together, padding included. */
  readonly bytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = { entries: 1100, bytes: 4 * 1024 ** 3 };

/** What an archive must hold beside `files/` and `padding`, and what it may. */
export interface ArchiveLayout {
  /** The name of the one root folder. */
  readonly root: RegExp;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export const SUBMISSION_LAYOUT: ArchiveLayout = {
  root: /^submission-[0-9a-f]{8}$/,
  required: ["letter.txt", "submission.json"],
  optional: [],
};

/** What an archive says of an entry before its contents. */
export interface EntryHead {
  readonly kind: "folder" | "file";
  /** The archive's one root folder, such as `submission-` and 8 hex digits. */
  readonly root: string;
  /** Path below the root, without a trailing slash; empty for the root itself. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Bytes of a header, and what bodies are filled up to a multiple of. */
export const BLOCK = 512;
/** GNU tar fills its last record of 20 blocks with zeros; nobody needs more than this after the end mark. */
export const LONGEST_TAIL = 64 * 1024;

/**
 * What is asked of an archive, made by an adversary until proved otherwise, whichever way its bytes come. Each method is given
 * the next bytes, or what there is of them, and throws an ArchiveError with the code of the first rule broken.
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

  /** The entry that a header block begins, or null if the block is the first of the end-of-archive mark. */
  entry(block: Uint8Array): EntryHead | null {
    const header = nextHeader(block, this.#seen.size === 0);
    if (header === null) return null;
    const { top, path } = place(header, this.#root, this.#layout);
    this.#root = top;
    const key = fold(path);
    if (this.#seen.has(key)) throw new ArchiveError("duplicate_entry", "two entries of the archive have one name");
    this.#seen.add(key);
    const { entries, bytes } = this.#limits;
    if (this.#seen.size > entries) {
      throw new ArchiveError("too_many_entries", `the archive has over ${entries} entries`);
    }
    this.#bytes += header.size;
    if (this.#bytes > bytes) throw new ArchiveError("too_large", `the archive holds over ${bytes} bytes`);
    return { kind: header.kind, root: top, path, size: header.size };
  }

  /** What follows the contents of an entry of `size` bytes. */
  afterBody(fill: Uint8Array, size: number): void {
    if (fill.length < fillOf(size)) throw new ArchiveError("truncated", "the archive ends too early");
    if (!isZero(fill)) throw new ArchiveError("malformed", "there is something between two entries");
  }

  /** The second block of the end mark. */
  endMark(block: Uint8Array): void {
    if (block.length < BLOCK) throw new ArchiveError("truncated", "the archive's end mark is cut off");
    if (!isZero(block)) throw new ArchiveError("malformed", "the archive's end mark is broken");
  }

  /** What comes after the end mark, in any portions. */
  afterEnd(rest: Uint8Array): void {
    this.#tail += rest.length;
    if (this.#tail > LONGEST_TAIL || !isZero(rest)) {
      throw new ArchiveError("trailing_data", "something follows the end of the archive");
    }
  }

  /** To be called at the very end: whether all was there. */
  complete(): void {
    for (const name of this.#layout.required) {
      if (!this.#seen.has(fold(name))) throw new ArchiveError("malformed", `the archive lacks ${name}`);
    }
  }
}

/** Bytes of zeros that fill the last block of a body. */
export function fillOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

export function endsInside(): ArchiveError {
  return new ArchiveError("truncated", "the archive ends inside a file");
}

/** Equal for names that a case-insensitive file system takes for one: lower case alone tells ς from σ and ſ from s. */
function fold(path: string): string {
  return path.normalize("NFC").toLowerCase().toUpperCase();
}

function nextHeader(block: Uint8Array, first: boolean): UstarHeader | null {
  if (block.length < BLOCK) {
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
    // Only what does not begin like an archive is something else; later, the same fault is damage.
    const code = cause.code === "not_an_archive" && !first ? "malformed" : cause.code;
    throw new ArchiveError(code, cause.message, { cause });
  }
}

function place(header: UstarHeader, root: string | undefined, layout: ArchiveLayout): { top: string; path: string } {
  // Only a folder may end in a slash: GNU tar takes a file that does for a folder.
  const segments = (header.kind === "folder" ? header.path.replace(/\/$/, "") : header.path).split("/");
  const [top = "", folder, name] = segments;
  const path = segments.slice(1).join("/");
  const allowed =
    header.kind === "folder"
      ? path === "" || path === "files"
      : [...layout.required, ...layout.optional, PADDING_NAME].includes(path) ||
        (folder === "files" && segments.length === 3 && isEntryName(name ?? ""));
  const rooted = root === undefined ? layout.root.test(top) && path === "" : top === root;
  if (!allowed || !rooted) {
    throw new ArchiveError("unsafe_path", "an entry's path is not one that it may have");
  }
  return { top, path };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
