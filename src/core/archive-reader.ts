import { ByteReader } from "./byte-reader.js";
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
  /** Most octets in all file bodies together, padding included. */
  readonly bytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = { entries: 1100, bytes: 4 * 1024 ** 3 };

export interface ArchiveEntry {
  readonly kind: "folder" | "file";
  /** The archive's one root folder, such as `submission-` and 8 hex digits. */
  readonly root: string;
  /** Path below the root, without a trailing slash; empty for the root itself. */
  readonly path: string;
  /** Octets. */
  readonly size: number;
  /** What is not read of it is skipped when the next entry is asked for. */
  readonly body: ReadableStream<Uint8Array>;
}

/** What an archive must hold beside `files/` and `padding`, and what it may. */
export interface ArchiveLayout {
  /** The name of the one root folder. */
  readonly root: RegExp;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const SUBMISSION: ArchiveLayout = {
  root: /^submission-[0-9a-f]{8}$/,
  required: ["letter.txt", "submission.json"],
  optional: [],
};

const BLOCK = 512;
/** GNU tar fills its last record of 20 blocks with zeros; nobody needs more than this after the end mark. */
const LONGEST_TAIL = 64 * 1024;

/**
 * Reads an archive, made by an adversary until proved otherwise: a submission's unless another `layout` is given. Only
 * what docs/FORMAT.md names is let through: one root folder that comes first, the layout's top-level files, safely named
 * files in `files/`, and no second entry for one name (compared as a case-insensitive file system would).
 *
 * @throws ArchiveError with the code of the first rule broken; errors of the stream itself pass unchanged
 */
export async function* readArchive(
  archive: ReadableStream<Uint8Array>,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
  layout: ArchiveLayout = SUBMISSION,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const reader = new ByteReader(archive);
  const seen = new Set<string>();
  let root: string | undefined;
  let bytes = 0;
  try {
    for (;;) {
      const header = await nextHeader(reader, seen.size === 0);
      if (header === null) break;
      const { top, path } = place(header, root, layout);
      root = top;
      const key = fold(path);
      if (seen.has(key)) throw new ArchiveError("duplicate_entry", "two entries of the archive have one name");
      seen.add(key);
      if (seen.size > limits.entries) {
        throw new ArchiveError("too_many_entries", `the archive has over ${limits.entries} entries`);
      }
      bytes += header.size;
      if (bytes > limits.bytes) throw new ArchiveError("too_large", `the archive holds over ${limits.bytes} octets`);
      const body = new EntryBody(reader, header.size);
      yield { kind: header.kind, root, path, size: header.size, body: body.stream() };
      await body.skip();
    }
    await expectZeros(reader);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  for (const name of layout.required) {
    if (!seen.has(fold(name))) throw new ArchiveError("malformed", `the archive lacks ${name}`);
  }
}

/** Equal for names that a case-insensitive file system takes for one: lower case alone tells ς from σ and ſ from s. */
function fold(path: string): string {
  return path.normalize("NFC").toLowerCase().toUpperCase();
}

/** The next header, or null at the end-of-archive mark. */
async function nextHeader(reader: ByteReader, first: boolean): Promise<UstarHeader | null> {
  const block = await reader.upTo(BLOCK);
  if (block.length < BLOCK) {
    throw first
      ? new ArchiveError("not_an_archive", "this is too short to be an archive")
      : new ArchiveError("truncated", "the archive ends too early");
  }
  if (isZero(block)) {
    if (first) throw new ArchiveError("not_an_archive", "the archive is empty");
    const second = await reader.upTo(BLOCK);
    if (second.length < BLOCK) throw new ArchiveError("truncated", "the archive's end mark is cut off");
    if (!isZero(second)) throw new ArchiveError("malformed", "the archive's end mark is broken");
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

/** The octets of one entry, and the zeros that fill its last block. */
class EntryBody {
  readonly #reader: ByteReader;
  #left: number;
  #fill: number;

  constructor(reader: ByteReader, size: number) {
    this.#reader = reader;
    this.#left = size;
    this.#fill = (BLOCK - (size % BLOCK)) % BLOCK;
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream(
      {
        pull: async (controller) => {
          const portion = await this.#next();
          if (portion === null) controller.close();
          else controller.enqueue(portion);
        },
      },
      { highWaterMark: 0 },
    );
  }

  async skip(): Promise<void> {
    while ((await this.#next()) !== null);
    const fill = await this.#reader.upTo(this.#fill);
    if (fill.length < this.#fill) throw new ArchiveError("truncated", "the archive ends too early");
    if (!isZero(fill)) throw new ArchiveError("malformed", "there is something between two entries");
    this.#fill = 0;
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#left === 0) return null;
    const portion = await this.#reader.some(this.#left);
    if (portion === null) throw new ArchiveError("truncated", "the archive ends inside a file");
    this.#left -= portion.length;
    return portion;
  }
}

async function expectZeros(reader: ByteReader): Promise<void> {
  let tail = 0;
  for (let rest = await reader.some(LONGEST_TAIL); rest !== null; rest = await reader.some(LONGEST_TAIL)) {
    tail += rest.length;
    if (tail > LONGEST_TAIL || !isZero(rest)) {
      throw new ArchiveError("trailing_data", "something follows the end of the archive");
    }
  }
}

function isZero(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0);
}
