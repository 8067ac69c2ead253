import { ByteReader } from "./byte-reader.js";
import { EntryBody } from "./entry-body.js";
import { Fault } from "./fault.js";
import { readPaxRecords } from "./pax-records.js";
import { readTarHeader, type TarHeader, text } from "./tar-header.js";

/** `unsupported`: sparse files, or one archive on several tapes. */
export type TarFault = "malformed" | "truncated" | "unsupported" | "too_many_entries" | "too_large";

export class TarError extends Fault<TarFault> {}

/** A file, or something else that is not to be made: a link, a device or a pipe. */
export interface TarEntry {
  readonly kind: "file" | "other";
  /** As stored: never a path to write to. */
  readonly path: string;
  /** Seconds since 1970, UTC; 0 where it is malformed. */
  readonly mtimeSeconds: number;
  /** Asking for the next entry skips whatever is left of it. */
  readonly body: ReadableStream<Uint8Array>;
}

export interface TarLimits {
  readonly files: number;
  /** Headers of any kind. */
  readonly headers: number;
  /** In all files together. */
  readonly bytes: number;
}

const BLOCK_BYTES = 512;
/** A pax header, or a long name. */
const MAX_EXTENSION_BYTES = 1024 * 1024;

const FOLDERS = new Set(["5", "D"]);
const OTHERS = new Set(["1", "2", "3", "4", "6"]);
const PAX = new Set(["x", "X"]);
/** Global pax headers, long names of links, labels of volumes. */
const SKIPPED = new Set(["g", "K", "V", "N"]);
const UNSUPPORTED = new Set(["S", "M"]);

/** What the headers before an entry say of it. */
interface Extension {
  readonly path?: string;
  readonly size?: number;
}

/**
 * Reads a tar that a person made with any program, and that may come from an adversary. It makes nothing of names,
 * links, owners and modes; folders are left out. Reads the stream to its end, whatever follows the end mark.
 * @throws TarError; errors of the stream itself pass unchanged
 */
export async function* readTar(
  archive: ReadableStream<Uint8Array>,
  limits: TarLimits,
): AsyncGenerator<TarEntry, void, undefined> {
  const reader = new ByteReader(archive);
  const count = { headers: 0, files: 0, bytes: 0 };
  let extension: Extension = {};
  try {
    for (let header = await nextHeader(reader); header !== null; header = await nextHeader(reader)) {
      count.headers += 1;
      const body = new EntryBody(reader, sizeOf(header, extension), truncated);
      const fill = (BLOCK_BYTES - (sizeOf(header, extension) % BLOCK_BYTES)) % BLOCK_BYTES;
      if (UNSUPPORTED.has(header.type))
        throw new TarError("unsupported", "the archive has a kind of file we do not know");
      if (PAX.has(header.type) || header.type === "L") {
        extension = { ...extension, ...(await readExtension(header, body)) };
      } else {
        const path = extension.path ?? header.path;
        const kind = kindOf(header.type, path);
        if (kind === "file") {
          count.files += 1;
          count.bytes += sizeOf(header, extension);
        }
        check(count, limits);
        if (kind !== null) yield { kind, path, mtimeSeconds: header.mtimeSeconds, body: body.stream() };
        if (!SKIPPED.has(header.type)) extension = {};
      }
      check(count, limits);
      await body.skip();
      if ((await reader.upTo(fill)).length < fill) throw truncated();
    }
    while ((await reader.some(BLOCK_BYTES)) !== null);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Null at the end mark, or where the archive ends without one. */
async function nextHeader(reader: ByteReader): Promise<TarHeader | null> {
  const block = await reader.upTo(BLOCK_BYTES);
  if (block.every((byte) => byte === 0)) return null;
  if (block.length < BLOCK_BYTES) throw truncated();
  const header = readTarHeader(block);
  if (header === null) throw new TarError("malformed", "a header of the archive is damaged");
  return header;
}

/** Links, devices and folders have no body, whatever their header says. */
function sizeOf({ type, size }: TarHeader, extension: Extension): number {
  return OTHERS.has(type) || type === "5" ? 0 : (extension.size ?? size);
}

function kindOf(type: string, path: string): TarEntry["kind"] | null {
  if (OTHERS.has(type)) return "other";
  return FOLDERS.has(type) || SKIPPED.has(type) || path.endsWith("/") ? null : "file";
}

async function readExtension({ type, size }: TarHeader, body: EntryBody): Promise<Extension> {
  if (size > MAX_EXTENSION_BYTES) throw new TarError("too_large", "a header of the archive is too large");
  const bytes = new Uint8Array(await new Response(body.stream()).arrayBuffer());
  if (type === "L") return { path: text(bytes) };
  const records = readPaxRecords(bytes);
  if (records === null) throw new TarError("malformed", "a header of the archive is malformed");
  if ([...records.keys()].some((key) => key.startsWith("GNU.sparse."))) {
    throw new TarError("unsupported", "the archive has a sparse file");
  }
  const path = records.get("path");
  const length = records.get("size");
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new TarError("malformed", "a size is malformed");
  return { ...(path !== undefined && { path }), ...(length !== undefined && { size: Number(length) }) };
}

function check(count: TarLimits, limits: TarLimits): void {
  if (count.files > limits.files || count.headers > limits.headers) {
    throw new TarError("too_many_entries", `the archive has over ${limits.files} files`);
  }
  if (count.bytes > limits.bytes) throw new TarError("too_large", `the archive holds over ${limits.bytes} bytes`);
}

function truncated(): TarError {
  return new TarError("truncated", "the archive ends too early");
}
