import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import { ARCHIVE_LIMITS, decryptMessage, Fault } from "../core/index.js";
import { extractSubmission } from "./extract.js";

export class OpenError extends Fault<"unreadable" | "cannot_write"> {}

/** How one file ended: opened into `folder`, opened into it before, or refused for `cause`. */
export type Outcome =
  | { readonly kind: "opened" | "known"; readonly file: string; readonly folder: string }
  | { readonly kind: "failed"; readonly file: string; readonly cause: Error };

export interface OpenOptions {
  readonly keys: readonly PrivateKey[];
  /** Folder that the cases' folders are made in. */
  readonly out: string;
  /** Told how many octets of ciphertext have been read since it was last told. */
  readonly onRead?: (octets: number) => void;
}

/** What a case's folder remembers of the file it was opened from. */
interface Source {
  readonly file: string;
  readonly sha256: string;
}

const SOURCE = "source.json";
/** Followed by the number of the process at work, so that what a killed one left can be told from what is under way. */
const UNFINISHED = ".opening-";
const READ_BLOCK = 1024 * 1024;

/** Every submission in `paths`: files as they are, folders for the `*.gpg` files in them. */
export async function findSubmissions(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const about = await stat(path).catch((cause: unknown) => {
      throw new OpenError("unreadable", `${path} cannot be read`, { cause });
    });
    if (!about.isDirectory()) found.push(path);
    else
      found.push(
        ...(await readdir(path))
          .filter((name) => name.endsWith(".gpg"))
          .map((name) => join(path, name))
          .sort(),
      );
  }
  return found;
}

/**
 * Decrypts each of `files` into a folder of its own below `out`. A folder appears under its name only when the whole
 * message has passed its integrity check; one that fails leaves nothing. What was opened before is not opened again.
 * @throws OpenError if `out` cannot be used
 */
export async function* openSubmissions(files: readonly string[], options: OpenOptions): AsyncGenerator<Outcome> {
  const known = await prepare(options.out).catch((cause: unknown) => {
    throw new OpenError("cannot_write", `${options.out} cannot be used`, { cause });
  });
  for (const file of files) {
    try {
      yield await openOne(file, options, known);
    } catch (cause) {
      yield { kind: "failed", file, cause: cause instanceof Error ? cause : new Error(String(cause)) };
    }
  }
}

async function openOne(file: string, { keys, out, onRead }: OpenOptions, known: Map<string, string>): Promise<Outcome> {
  const sha256 = await digest(file);
  const before = known.get(sha256);
  if (before !== undefined) return { kind: "known", file, folder: before };
  const unfinished = join(out, `${UNFINISHED}${process.pid}-${randomBytes(8).toString("hex")}`);
  await mkdir(unfinished, { mode: 0o700 });
  try {
    const plaintext = await decryptMessage(read(file, onRead), keys, ARCHIVE_LIMITS.bytes);
    const record = await extractSubmission(plaintext, unfinished);
    const source: Source = { file: basename(file), sha256 };
    await writeFile(join(unfinished, SOURCE), `${JSON.stringify(source, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    const folder = await moveToFreeName(unfinished, join(out, `submission-${record.case.slice(0, 8)}`));
    known.set(sha256, folder);
    return { kind: "opened", file, folder };
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw cause;
  }
}

/** Makes `out`, sweeps what a killed run left in it, and returns the folders of what is already open, by digest. */
async function prepare(out: string): Promise<Map<string, string>> {
  await mkdir(out, { recursive: true, mode: 0o700 });
  const known = new Map<string, string>();
  for (const name of await readdir(out)) {
    const folder = join(out, name);
    if (name.startsWith(UNFINISHED)) {
      if (!isRunning(Number(name.slice(UNFINISHED.length).split("-")[0]))) await rm(folder, { recursive: true });
    } else if (name.startsWith("submission-")) {
      const sha256 = await readDigest(join(folder, SOURCE));
      if (sha256 !== null) known.set(sha256, folder);
    }
  }
  return known;
}

/** Null where the folder is not one of ours, or somebody has changed it: then its file is opened anew. */
async function readDigest(source: string): Promise<string | null> {
  try {
    const { sha256 } = JSON.parse(await readFile(source, "utf8")) as Partial<Source>;
    return sha256 ?? null;
  } catch {
    return null;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** A second submission to one case stands beside the first, as `-2`. */
async function moveToFreeName(from: string, name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? name : `${name}-${number}`;
    const free = await stat(folder).then(
      () => false,
      () => true,
    );
    if (!free) continue;
    await syncTree(from);
    await rename(from, folder);
    return folder;
  }
}

/** Everything is on the disk before it gets its name, so that a power failure leaves no half-written case. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  // Windows cannot open a folder.
  const synced = process.platform === "win32" ? entries.filter((entry) => entry.isFile()) : entries;
  const paths = synced.map((entry) => join(entry.parentPath, entry.name));
  for (const path of process.platform === "win32" ? paths : [...paths, folder]) {
    const handle = await open(path, "r");
    await handle.sync();
    await handle.close();
  }
}

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  const stream = createReadStream(file, { highWaterMark: READ_BLOCK });
  try {
    for await (const chunk of stream) hash.update(chunk);
  } catch (cause) {
    throw new OpenError("unreadable", "the file cannot be read", { cause });
  }
  return hash.digest("hex");
}

function read(file: string, onRead: ((octets: number) => void) | undefined): ReadableStream<Uint8Array> {
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      onRead?.(chunk.length);
      done(null, chunk);
    },
  });
  const source = createReadStream(file, { highWaterMark: READ_BLOCK });
  source.on("error", (cause) => counted.destroy(cause));
  return Readable.toWeb(source.pipe(counted)) as ReadableStream<Uint8Array>;
}
