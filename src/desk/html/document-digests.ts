import { createHash } from "node:crypto";
import { readFileSync, type Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fieldsOf, jsonOrNull } from "../../core/index.js";
import { replaceFile } from "../../files/index.js";
import { fileDigest } from "../open/index.js";

/** In the folder of a submission, so that it goes with the documents. */
const DIGESTS_FILE = ".digests.json";

interface KnownDigest {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly sha256: string;
}

/** The SHA-256 of a submission's documents. Those of long ones are kept beside them: each is read through once. */
export class DocumentDigests {
  readonly #folder: string;
  #known: Map<string, KnownDigest> | null = null;
  #isChanged = false;

  /** @param folder of the submission */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * In hex; null for an empty document: all of those are equal.
   * @param entry its path below the folder
   * @param contents all of it, if it has been read already
   * @throws an error of the file system
   */
  async of(entry: string, { size, mtimeMs }: Stats, contents: Uint8Array | null): Promise<string | null> {
    if (size === 0) return null;
    if (contents !== null) return createHash("sha256").update(contents).digest("hex");
    this.#known ??= knownIn(join(this.#folder, DIGESTS_FILE));
    const known = this.#known.get(entry);
    if (known?.bytes === size && known.modifiedMs === mtimeMs) return known.sha256;
    // Others are answered before some megabytes are hashed.
    await nextTurn();
    const sha256 = await fileDigest(join(this.#folder, entry), size);
    this.#known.set(entry, { bytes: size, modifiedMs: mtimeMs, sha256 });
    this.#isChanged = true;
    return sha256;
  }

  /** Keeps what had to be computed. Where nothing can be written, it is computed again the next time. */
  async save(): Promise<void> {
    if (!this.#isChanged || this.#known === null) return;
    this.#isChanged = false;
    const text = `${JSON.stringify(Object.fromEntries(this.#known), null, 1)}\n`;
    await replaceFile(join(this.#folder, DIGESTS_FILE), text).catch(() => undefined);
  }
}

/** What does not look like one of ours is computed again. */
function knownIn(path: string): Map<string, KnownDigest> {
  const known = new Map<string, KnownDigest>();
  for (const [entry, value] of Object.entries(fieldsOf(jsonOrNull(readText(path))))) {
    const { bytes, modifiedMs, sha256 } = fieldsOf(value);
    if (typeof bytes !== "number" || typeof modifiedMs !== "number" || typeof sha256 !== "string") continue;
    if (/^[0-9a-f]{64}$/.test(sha256)) known.set(entry, { bytes, modifiedMs, sha256 });
  }
  return known;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
