import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isCaseId } from "../../cases/index.js";
import { type DeletedSubmission, fieldsOf, isDay, isHex } from "../../core/index.js";
import { replaceFile } from "../../files/index.js";

/** What is left of a deleted case: numbers and digests, and nothing that anybody wrote. */
export interface Tombstone {
  /** 32 hex digits. */
  readonly caseId: string;
  /** UTC day of the deletion. */
  readonly day: string;
  readonly submissions: readonly {
    /** The id in the store, 32 hex digits; null for a file that did not come from there. */
    readonly id: string | null;
    /** Of the ciphertext, hex. */
    readonly sha256: string;
  }[];
}

/** Folder of the tombstones, beside the cases. */
export const DELETED_FOLDER = "deleted";
const FORMAT = "postern-deleted-case";
const FILE = /^([0-9a-f]{32})\.json$/;

/** Whether a path is that of a tombstone, rather than of a case. */
export function isTombstone(path: string): boolean {
  return dirname(path).endsWith(DELETED_FOLDER) && path.endsWith(".json");
}

export function tombstonePath(root: string, caseId: string): string {
  return join(root, DELETED_FOLDER, `${caseId}.json`);
}

/** The tombstones beside the cases of `root`, by case id. One that cannot be read is left out. */
export function readTombstones(root: string): ReadonlyMap<string, Tombstone> {
  const found = new Map<string, Tombstone>();
  const folder = join(root, DELETED_FOLDER);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const [, caseId] = FILE.exec(name) ?? [];
    if (caseId === undefined) continue;
    const read = parse(readFileSync(join(folder, name), "utf8"), caseId);
    if (read !== null) found.set(caseId, read);
  }
  return found;
}

/** Writes a tombstone, with what an earlier one of that case says, and syncs it. @throws an error of the file system */
export async function writeTombstone(root: string, { caseId, day, submissions }: Tombstone): Promise<void> {
  const before = readTombstones(root).get(caseId);
  const all = new Map([...(before?.submissions ?? []), ...submissions].map((each) => [each.sha256, each]));
  const path = tombstonePath(root, caseId);
  const record = { format: FORMAT, version: 1, case: caseId, day, submissions: [...all.values()] };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, `${JSON.stringify(record, null, 1)}\n`);
}

/** What the server should delete. */
export function deletionsIn(tombstones: ReadonlyMap<string, Tombstone>): DeletedSubmission[] {
  return [...tombstones.values()].flatMap(({ submissions }) =>
    submissions.flatMap(({ id, sha256 }) => (id === null ? [] : [{ id, sha256 }])),
  );
}

function parse(text: string, caseId: string): Tombstone | null {
  try {
    const { format, version, case: named, day, submissions } = fieldsOf(JSON.parse(text));
    if (format !== FORMAT || version !== 1 || named !== caseId || !isDay(day) || !Array.isArray(submissions))
      return null;
    const read = submissions.flatMap((each: unknown) => {
      const { id, sha256 } = fieldsOf(each);
      return isHex(sha256, 32) ? [{ id: isCaseId(id) ? id : null, sha256 }] : [];
    });
    return { caseId, day, submissions: read };
  } catch {
    return null;
  }
}
