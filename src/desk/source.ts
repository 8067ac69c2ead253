import { readFileSync } from "node:fs";
import { join } from "node:path";

export const SOURCE = "source.json";

/** What a case's folder remembers of the file it was opened from. */
export interface Source {
  readonly file: string;
  readonly sha256: string;
  /** The day on which it came, UTC, as far as the file tells. */
  readonly day: string;
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
