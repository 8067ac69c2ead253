import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import {
  arrivalSeconds,
  isPickupName,
  MAX_PICKUP_FILES,
  MAX_PICKUP_MANIFEST_BYTES,
  PICKUP_MANIFEST,
  readPickupManifest,
  submissionIdOf,
} from "../../cases/index.js";
import { Fault, readTar, TarError } from "../../core/index.js";
import { UNFINISHED } from "./case-folders.js";
import { OpenError, writeFault } from "./outcome.js";

/**
 * `incomplete`: the download broke off. `not_a_pickup`: the pickup pages did not make it. `not_the_same`: a file is not
 * what MANIFEST.txt says.
 */
export class PickupArchiveError extends Fault<"incomplete" | "not_a_pickup" | "not_the_same"> {}

/** The files in `paths` that the pickup pages may have made: those given that end in `.tar`, and those in folders. */
export async function findPickupArchives(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (path.endsWith(".tar")) found.push(path);
    else if ((await stat(path).catch(() => null))?.isDirectory()) {
      found.push(...(await readdir(path)).filter(isPickupName).map((name) => join(path, name)));
    }
  }
  return found.sort();
}

/**
 * Unpacks the submissions of one download from the pickup pages into a new folder below `out`, with their days of
 * arrival, and compares each with MANIFEST.txt. Leaves nothing behind unless all are what it says. The next run removes
 * the folder of a run that was killed.
 * @returns the folder, to be removed by the caller, and the paths in it
 * @throws PickupArchiveError or OpenError
 */
export async function unpackPickup(
  archive: string,
  out: string,
): Promise<{ readonly folder: string; readonly files: readonly string[] }> {
  const about = await stat(archive).catch((cause: unknown) => {
    throw new OpenError("unreadable", `${archive} cannot be read`, { cause });
  });
  if (!about.isFile()) throw new OpenError("unreadable", `${archive} is not a file`);
  const folder = join(out, `${UNFINISHED}${process.pid}-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw writeFault(cause);
    });
    const { digests, manifest } = await unpack(archive, about.size, folder);
    compare(digests, manifest);
    return { folder, files: [...digests.keys()].sort().map((name) => join(folder, name)) };
  } catch (cause) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw explain(cause, archive);
  }
}

async function unpack(archive: string, bytes: number, folder: string) {
  const digests = new Map<string, string>();
  let manifest: string | null = null;
  const stream = Readable.toWeb(createReadStream(archive)) as ReadableStream<Uint8Array>;
  // It is not compressed: all files together are no larger than itself.
  for await (const entry of readTar(stream, { files: MAX_PICKUP_FILES + 1, headers: 2 * MAX_PICKUP_FILES, bytes })) {
    const { kind, path, body, mtimeSeconds } = entry;
    if (kind === "file" && path === PICKUP_MANIFEST && manifest === null) manifest = await readText(body);
    else if (kind === "file" && submissionIdOf(path) !== null && !digests.has(path) && manifest === null) {
      digests.set(path, await writeCopy(join(folder, path), body, mtimeSeconds));
    } else throw new PickupArchiveError("not_a_pickup", "it holds something else than submissions");
  }
  return { digests, manifest };
}

/** Returns its SHA-256 in hex. */
async function writeCopy(path: string, body: ReadableStream<Uint8Array>, mtimeSeconds: number): Promise<string> {
  const hash = createHash("sha256");
  const refused = (cause: unknown): never => {
    throw writeFault(cause);
  };
  const file = await open(path, "wx", 0o600).catch(refused);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await file.writeFile(chunk).catch(refused);
    }
    // The modification time carries the day of arrival.
    const seconds = arrivalSeconds(mtimeSeconds);
    await file.utimes(seconds, seconds).catch(refused);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_PICKUP_MANIFEST_BYTES)
      throw new PickupArchiveError("not_a_pickup", `${PICKUP_MANIFEST} is too large`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function compare(digests: ReadonlyMap<string, string>, manifest: string | null): void {
  // The pages write it last.
  if (manifest === null) throw new PickupArchiveError("incomplete", `${PICKUP_MANIFEST} is missing at its end`);
  const listed = readPickupManifest(manifest);
  if (listed === null) {
    throw new PickupArchiveError("not_a_pickup", `${PICKUP_MANIFEST} has a line that is none of ours`);
  }
  for (const name of new Set([...listed.keys(), ...digests.keys()])) {
    if (listed.get(name) !== digests.get(name)) {
      throw new PickupArchiveError("not_the_same", `${name} is not what ${PICKUP_MANIFEST} says`);
    }
  }
}

function explain(cause: unknown, archive: string): unknown {
  if (!(cause instanceof TarError)) return cause;
  // A file in it that says to be larger than the whole was cut.
  return cause.code === "truncated" || cause.code === "too_large"
    ? new PickupArchiveError("incomplete", "only a part of it is there", { cause })
    : new PickupArchiveError("not_a_pickup", `${basename(archive)} is no archive of ours: ${cause.message}`, { cause });
}
