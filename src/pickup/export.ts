import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { dayOf, Fault } from "../core/index.js";
import { syncFolder } from "../files/index.js";
import { type StoredSubmission, SUBMISSION_SUFFIX, type Submissions } from "../store/index.js";
import type { Ledger } from "./ledger/index.js";

export class ExportError extends Fault<"cannot_write" | "not_the_same"> {}

export const MANIFEST = "MANIFEST.txt";
const PARTIAL = ".partial-";
const READ_BYTES = 1024 * 1024;

export interface ExportOptions {
  readonly folder: string;
  readonly by: string;
  readonly now: () => Date;
  /** Called with the number of bytes copied since the last call. */
  readonly onCopied?: (bytes: number) => void;
}

export type Exported = { readonly id: string; readonly kind: "copied" | "there" };

/**
 * Copies each of `chosen` into a folder and marks it as collected. A copy gets its name after fsync and reading it
 * back, and is marked only then. A run continues where an interrupted one stopped.
 * @throws ExportError, StoreError or StaffFolderError
 */
export async function* exportSubmissions(
  chosen: readonly StoredSubmission[],
  submissions: Submissions,
  ledger: Ledger,
  { folder, by, now, onCopied }: ExportOptions,
): AsyncGenerator<Exported> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(cannotWrite(folder));
  for (const name of await readdir(folder)) {
    if (name.startsWith(PARTIAL)) await rm(join(folder, name), { force: true });
  }
  const digests = new Map<string, string>();
  for (const { id, bytes, day } of chosen) {
    const path = join(folder, id + SUBMISSION_SUFFIX);
    const there = await stat(path).then(
      ({ size }) => size === bytes,
      () => false,
    );
    const sha256 = there ? await sameAsStored(path, submissions, id) : null;
    digests.set(id, sha256 ?? (await copy(path, join(folder, PARTIAL + id), submissions, id, onCopied)));
    // The desk keeps the day of arrival.
    const midnight = new Date(`${day}T00:00:00Z`);
    await utimes(path, midnight, midnight).catch(cannotWrite(path));
    if (sha256 !== null) onCopied?.(bytes);
    await ledger.add([{ kind: "collected", id, sha256: digests.get(id) ?? "", by, day: dayOf(now()) }]);
    yield { id, kind: sha256 === null ? "copied" : "there" };
  }
  await writeManifest(folder, digests);
}

/** Returns the SHA-256 of the copy, in hex. */
async function copy(
  path: string,
  partial: string,
  submissions: Submissions,
  id: string,
  onCopied?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(partial, "wx", 0o600).catch(cannotWrite(partial));
  try {
    for await (const chunk of await submissions.get(id)) {
      hash.update(chunk);
      await file.writeFile(chunk).catch(cannotWrite(partial));
      onCopied?.(chunk.length);
    }
    await file.sync().catch(cannotWrite(partial));
  } finally {
    await file.close();
  }
  const sha256 = hash.digest("hex");
  if ((await digestOfFile(partial)) !== sha256) {
    throw new ExportError("not_the_same", `${path} is not what was written; the medium may be failing`);
  }
  await rename(partial, path).catch(cannotWrite(path));
  await syncFolder(dirname(path));
  return sha256;
}

/** The SHA-256 of the stored submission if the file at `path` is the same; else null. */
async function sameAsStored(path: string, submissions: Submissions, id: string): Promise<string | null> {
  const hash = createHash("sha256");
  for await (const chunk of await submissions.get(id)) hash.update(chunk);
  const sha256 = hash.digest("hex");
  if ((await digestOfFile(path)) !== sha256) return null;
  // An interrupted run may not have reached fsync.
  const file = await open(path, "r");
  await file.sync().finally(() => file.close());
  await syncFolder(dirname(path));
  return sha256;
}

/** Writes the SHA-256 of all submissions in the folder, earlier copies included, for `sha256sum --check`. */
async function writeManifest(folder: string, digests: ReadonlyMap<string, string>): Promise<void> {
  const lines: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith(SUBMISSION_SUFFIX) || name.startsWith(PARTIAL)) continue;
    const known = digests.get(name.slice(0, -SUBMISSION_SUFFIX.length));
    lines.push(`${known ?? (await digestOfFile(join(folder, name)))}  ${name}\n`);
  }
  const partial = join(folder, `${PARTIAL}manifest`);
  const file = await open(partial, "w", 0o600).catch(cannotWrite(partial));
  await file
    .writeFile(lines.join(""))
    .then(() => file.sync())
    .finally(() => file.close());
  await rename(partial, join(folder, MANIFEST));
  await syncFolder(folder);
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function cannotWrite(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new ExportError("cannot_write", `${path} cannot be written`, { cause });
  };
}
