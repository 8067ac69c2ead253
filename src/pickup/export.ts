import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, Fault } from "../core/index.js";
import { type StoredSubmission, SUBMISSION_SUFFIX, type Submissions } from "../store/index.js";
import type { Ledger } from "./ledger/index.js";

export class ExportError extends Fault<"cannot_write" | "not_the_same"> {}

export const MANIFEST = "MANIFEST.txt";
const PARTIAL = ".partial-";
const READ_BLOCK = 1024 * 1024;

export interface ExportOptions {
  readonly folder: string;
  readonly by: string;
  readonly now: () => Date;
  /** Told of bytes that have been copied. */
  readonly onCopied?: (bytes: number) => void;
}

export type Exported = { readonly id: string; readonly kind: "copied" | "there" };

/**
 * Copies each of `chosen` into a folder and marks it as collected, one after the other: a copy has its name only when it is
 * on the disk and has been read back, and is marked only after that. What a run that was cut short left is used again.
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
    // The day on which it came, which the desk keeps.
    const midnight = new Date(`${day}T00:00:00Z`);
    await utimes(path, midnight, midnight).catch(cannotWrite(path));
    if (sha256 !== null) onCopied?.(bytes);
    await ledger.add([{ kind: "collected", id, sha256: digests.get(id) ?? "", by, day: dayOf(now()) }]);
    yield { id, kind: sha256 === null ? "copied" : "there" };
  }
  await writeManifest(folder, digests);
}

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
  await syncFolder(path);
  return sha256;
}

/** The digest, if what is there already is the same; else null, and it is copied again. */
async function sameAsStored(path: string, submissions: Submissions, id: string): Promise<string | null> {
  const hash = createHash("sha256");
  for await (const chunk of await submissions.get(id)) hash.update(chunk);
  const sha256 = hash.digest("hex");
  if ((await digestOfFile(path)) !== sha256) return null;
  // Whoever copied it may have been stopped before it was on the disk.
  const file = await open(path, "r");
  await file.sync().finally(() => file.close());
  await syncFolder(path);
  return sha256;
}

/** As `sha256sum --check` reads it, of all submissions in the folder: those copied before keep their lines. */
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
  await syncFolder(join(folder, MANIFEST));
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BLOCK })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(join(path, ".."), "r");
  await folder.sync().finally(() => folder.close());
}

function cannotWrite(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new ExportError("cannot_write", `${path} cannot be written`, { cause });
  };
}
