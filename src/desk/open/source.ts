import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { dayOf } from "../../core/index.js";

export const SOURCE = "source.json";

/** What a case's folder remembers of the file it was opened from. */
export interface Source {
  readonly file: string;
  readonly sha256: string;
  /** The day on which it came, UTC, as far as the file tells. */
  readonly day: string;
}

/** Bytes that are read and hashed at one time. */
const READ_BLOCK = 4 * 1024 * 1024;

/** @throws Error if the file cannot be read */
export async function sourceOf(file: string): Promise<Source> {
  const { size, mtime } = statSync(file);
  return { file: basename(file), sha256: await digest(file, size), day: dayOf(mtime) };
}

async function digest(file: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  // What is short is read at once: to be called back for each piece takes longer than to hash it.
  if (size <= READ_BLOCK) return hash.update(readFileSync(file)).digest("hex");
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BLOCK })) hash.update(chunk);
  return hash.digest("hex");
}

export function writeSource(source: Source): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(source, null, 2)}\n`);
}

/** What can be read of it; nothing where the folder is not one of ours, or somebody has changed it. */
export function sourceIn(folder: string): { readonly sha256: string | null; readonly day: string } {
  try {
    const { sha256, day } = JSON.parse(readFileSync(join(folder, SOURCE), "utf8")) as Record<keyof Source, unknown>;
    return {
      sha256: typeof sha256 === "string" ? sha256 : null,
      day: typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : "",
    };
  } catch {
    return { sha256: null, day: "" };
  }
}
