import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type CaseRecord, isSubmissionFile } from "../cases/index.js";
import { dayOf, Fault } from "../core/index.js";
import { atMost } from "./at-most.js";
import { CaseFolders, type Place } from "./case-folders.js";
import type { OnRead, Opener } from "./opener.js";

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
  readonly opener: Opener;
  /** Folder that the cases' folders are made in. */
  readonly out: string;
  /** Told how many octets of ciphertext have been read since it was last told. */
  readonly onRead?: OnRead;
}

const READ_BLOCK = 1024 * 1024;
/** Files under way for each that can be decrypted at one time: the others are waiting for the disk. */
const AHEAD = 4;

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
          .filter(isSubmissionFile)
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
 *
 * As many files are decrypted at once as the opener takes; the outcomes come in the order of `files`.
 * @throws OpenError if `out` cannot be used
 */
export async function* openSubmissions(files: readonly string[], options: OpenOptions): AsyncGenerator<Outcome> {
  const folders = await CaseFolders.open(options.out).catch((cause: unknown) => {
    throw new OpenError("cannot_write", `${options.out} cannot be used`, { cause });
  });
  // A run that was cut short may have left a follow-up beside its first case.
  yield* bringStraysHome(folders);
  const rest = files[Symbol.iterator]();
  const underWay: Promise<Prepared>[] = [];
  const inTurn = atMost(options.opener.parallel);
  const open: Opener["open"] = (...order) => inTurn(() => options.opener.open(...order));
  const begin = () => {
    const { done, value } = rest.next();
    if (done !== true) underWay.push(prepare(value, open, options.onRead, folders));
  };
  try {
    for (let count = 0; count < AHEAD * options.opener.parallel; count += 1) begin();
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
      const prepared = await next;
      begin();
      yield await finish(prepared, folders);
      yield* bringStraysHome(folders);
    }
  } finally {
    for (const prepared of underWay) await discard(await prepared);
  }
}

/** What can be done with several files at once: all but giving a folder its name. */
type Prepared =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | {
      readonly kind: "opened";
      readonly file: string;
      readonly sha256: string;
      readonly unfinished: string;
      readonly record: CaseRecord;
    };

async function prepare(
  file: string,
  open: Opener["open"],
  onRead: OnRead | undefined,
  folders: CaseFolders,
): Promise<Prepared> {
  try {
    const sha256 = await digest(file);
    const before = folders.find(sha256);
    if (before !== null) return { kind: "outcome", outcome: { kind: "known", file, sha256, folder: before } };
    const unfinished = await folders.begin();
    try {
      const record = await open(file, unfinished, onRead);
      await folders.settle(unfinished, { file: basename(file), sha256, day: dayOf((await stat(file)).mtime) });
      return { kind: "opened", file, sha256, unfinished, record };
    } catch (cause) {
      await rm(unfinished, { recursive: true, force: true });
      throw cause;
    }
  } catch (cause) {
    return { kind: "outcome", outcome: failed(file, cause) };
  }
}

async function finish(prepared: Prepared, folders: CaseFolders): Promise<Outcome> {
  if (prepared.kind === "outcome") return prepared.outcome;
  const { file, sha256, unfinished, record } = prepared;
  try {
    // The same file may be there twice, and both have been opened at the same time.
    const before = folders.find(sha256);
    if (before !== null) {
      await discard(prepared);
      return { kind: "known", file, sha256, folder: before };
    }
    return {
      kind: "opened",
      file,
      sha256,
      ...(await folders.keep(unfinished, record, sha256)),
    };
  } catch (cause) {
    await discard(prepared);
    return failed(file, cause);
  }
}

async function discard(prepared: Prepared): Promise<void> {
  if (prepared.kind === "opened") await rm(prepared.unfinished, { recursive: true, force: true });
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
  try {
    const { size } = await stat(file);
    const stream = createReadStream(file, { highWaterMark: Math.max(1, Math.min(READ_BLOCK, size)) });
    for await (const chunk of stream) hash.update(chunk);
  } catch (cause) {
    throw new OpenError("unreadable", "the file cannot be read", { cause });
  }
  return hash.digest("hex");
}
