import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import { ARCHIVE_LIMITS, decryptMessage, Fault } from "../core/index.js";
import { CaseFolders, type Place } from "./case-folders.js";
import { extractSubmission } from "./extract.js";

export class OpenError extends Fault<"unreadable" | "cannot_write"> {}

/**
 * How one file ended: opened into `folder`, opened into it before, or refused for `cause`. `moved` is a folder, `file`, of a
 * follow-up that has been put into that of its first case.
 */
export type Outcome =
  | {
      readonly kind: "opened";
      readonly file: string;
      readonly sha256: string;
      readonly folder: string;
      readonly place: Place;
    }
  | { readonly kind: "known"; readonly file: string; readonly sha256: string; readonly folder: string }
  | { readonly kind: "moved"; readonly file: string; readonly folder: string }
  | { readonly kind: "failed"; readonly file: string; readonly cause: Error };

export interface OpenOptions {
  readonly keys: readonly PrivateKey[];
  /** Folder that the cases' folders are made in. */
  readonly out: string;
  /** Told how many octets of ciphertext have been read since it was last told. */
  readonly onRead?: (octets: number) => void;
}

const READ_BLOCK = 1024 * 1024;

/** Every submission in `paths`: files as they are, folders for the `*.gpg` files in them that are not replies. */
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
          .filter((name) => name.endsWith(".gpg") && !name.endsWith(".reply.gpg"))
          .map((name) => join(path, name))
          .sort(),
      );
  }
  return found;
}

/**
 * Decrypts each of `files` into a folder of its own below `out`, or into the folder of the case that it follows up. A
 * folder appears under its name only when the whole message has passed its integrity check; one that fails leaves nothing.
 * What was opened before is not opened again. A follow-up that came before its first case moves there when that is opened.
 * @throws OpenError if `out` cannot be used
 */
export async function* openSubmissions(files: readonly string[], options: OpenOptions): AsyncGenerator<Outcome> {
  const folders = await CaseFolders.open(options.out).catch((cause: unknown) => {
    throw new OpenError("cannot_write", `${options.out} cannot be used`, { cause });
  });
  // A run that was cut short may have left a follow-up beside its first case.
  yield* bringStraysHome(folders);
  for (const file of files) {
    try {
      yield await openOne(file, options, folders);
    } catch (cause) {
      yield failed(file, cause);
    }
    yield* bringStraysHome(folders);
  }
}

async function openOne(file: string, { keys, onRead }: OpenOptions, folders: CaseFolders): Promise<Outcome> {
  const sha256 = await digest(file);
  const before = folders.find(sha256);
  if (before !== null) return { kind: "known", file, sha256, folder: before };
  const unfinished = await folders.begin();
  try {
    const plaintext = await decryptMessage(read(file, onRead), keys, ARCHIVE_LIMITS.bytes);
    const record = await extractSubmission(plaintext, unfinished);
    return {
      kind: "opened",
      file,
      sha256,
      ...(await folders.keep(unfinished, record, { file: basename(file), sha256 })),
    };
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw cause;
  }
}

async function* bringStraysHome(folders: CaseFolders): AsyncGenerator<Outcome> {
  for (const from of folders.strays()) {
    try {
      yield { kind: "moved", file: from, folder: await folders.bringHome(from) };
    } catch (cause) {
      yield failed(from, cause);
    }
  }
}

function failed(file: string, cause: unknown): Outcome {
  return { kind: "failed", file, cause: cause instanceof Error ? cause : new Error(String(cause)) };
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
