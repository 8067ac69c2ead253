import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { ForeignLayout } from "../../cases/index.js";
import { dayOf, isDay } from "../../core/index.js";

export const SOURCE_FILE = "source.json";

/** The file that a case was opened from, as noted in the case's folder. */
export interface Source {
  readonly file: string;
  readonly sha256: string;
  /** UTC day of arrival, from the file's modification time. */
  readonly day: string;
  /** Only if a person encrypted it with a program of their own. */
  readonly layout?: ForeignLayout;
}

const READ_BYTES = 4 * 1024 * 1024;

/** @throws Error if the file cannot be read */
export async function sourceOf(file: string): Promise<Source> {
  const about = statSync(file);
  // A pipe would be read for ever.
  if (!about.isFile()) throw new Error("this is not a file");
  const { size, mtime } = about;
  return { file: basename(file), sha256: await fileDigest(file, size), day: dayOf(mtime) };
}

/** The SHA-256 of a file of `size` bytes, in hex. */
export async function fileDigest(file: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  // For a short file, the callbacks of a stream take longer than hashing it.
  if (size <= READ_BYTES) return hash.update(readFileSync(file)).digest("hex");
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) hash.update(chunk);
  return hash.digest("hex");
}

export function writeSource(source: Source): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(source, null, 2)}\n`);
}

/** The readable parts of a folder's source note. Staff may have edited the note, or the folder may not be ours. */
export function sourceIn(folder: string): {
  /** The name of the file; empty if unknown. */
  readonly file: string;
  readonly sha256: string | null;
  readonly day: string;
  /** Whether the desk made the case of what a person encrypted with a program of their own. */
  readonly foreign: boolean;
} {
  try {
    const { file, sha256, day, layout } = JSON.parse(readFileSync(join(folder, SOURCE_FILE), "utf8")) as Record<
      keyof Source,
      unknown
    >;
    return {
      file: typeof file === "string" ? file : "",
      sha256: typeof sha256 === "string" ? sha256 : null,
      day: isDay(day) ? day : "",
      foreign: layout === "folder" || layout === "document",
    };
  } catch {
    return { file: "", sha256: null, day: "", foreign: false };
  }
}
