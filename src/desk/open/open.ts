import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type CaseRecord, isSubmissionFile } from "../../cases/index.js";
import { Fault } from "../../core/index.js";
import { CaseFolders, type Place } from "./case-folders.js";
import { atMost } from "./limit.js";
import type { OnRead, Opener } from "./opener.js";
import { sourceOf } from "./source.js";

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
  /** Told how many bytes of ciphertext have been read since it was last told. */
  readonly onRead?: OnRead;
}

/** Files under way for each that the opener takes: the others are waiting for one before them to get its name. */
const AHEAD = 2;

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
 * As many files are under way at once as the opener takes; the outcomes come in the order of `files`, each when what was opened is
 * on the disk under its name.
 * @throws OpenError if `out` cannot be used
 */
export async function* openSubmissions(files: readonly string[], options: OpenOptions): AsyncGenerator<Outcome> {
  const folders = await CaseFolders.open(options.out).catch((cause: unknown) => {
    throw new OpenError("cannot_write", `${options.out} cannot be used`, { cause });
  });
  // A run that was cut short may have left a follow-up beside its first case.
  yield* await settled(bringStraysHome(folders), folders);
  const rest = files[Symbol.iterator]();
  const underWay: UnderWay[] = [];
  const inTurn = atMost(options.opener.parallel);
  const open: Opener["open"] = (...order) => inTurn(() => options.opener.open(...order));
  const begin = () => {
    const { done, value } = rest.next();
    if (done === true) return;
    const one: UnderWay = { prepared: prepare(value, open, options.onRead, folders), ready: false };
    one.prepared.then(() => {
      one.ready = true;
    });
    underWay.push(one);
  };
  const most = AHEAD * options.opener.parallel;
  try {
    for (let count = 0; count < most; count += 1) begin();
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
      const outcomes: Outcome[] = [];
      // Those that are ready behind it get their names together, since the disk has to be waited for once.
      for (let one: UnderWay | undefined = next; one !== undefined; ) {
        const prepared = await one.prepared;
        begin();
        outcomes.push(await finish(prepared, folders));
        const more = outcomes.length < most && folders.strays().length === 0 && underWay[0]?.ready === true;
        one = more ? underWay.shift() : undefined;
      }
      yield* await settled(outcomes, folders);
      yield* await settled(bringStraysHome(folders), folders);
    }
  } finally {
    for (const { prepared } of underWay) await discard(await prepared);
  }
}

/** A file that has been begun, and whether it waits for nothing but those before it. */
interface UnderWay {
  readonly prepared: Promise<Prepared>;
  ready: boolean;
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
    const source = await sourceOf(file).catch((cause: unknown) => {
      throw new OpenError("unreadable", "the file cannot be read", { cause });
    });
    const { sha256 } = source;
    const before = folders.find(sha256);
    if (before !== null) return { kind: "outcome", outcome: { kind: "known", file, sha256, folder: before } };
    const unfinished = folders.begin();
    try {
      const record = await open(file, unfinished, source, onRead);
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
    return { kind: "opened", file, sha256, ...folders.keep(unfinished, record, sha256) };
  } catch (cause) {
    await discard(prepared);
    return failed(file, cause);
  }
}

async function discard(prepared: Prepared): Promise<void> {
  if (prepared.kind === "opened") await rm(prepared.unfinished, { recursive: true, force: true });
}

function bringStraysHome(folders: CaseFolders): Outcome[] {
  return folders.strays().map((from) => {
    try {
      return { kind: "moved", file: from, folder: folders.bringHome(from) };
    } catch (cause) {
      return failed(from, cause);
    }
  });
}

/** The outcomes when the names that were given are on the disk: otherwise nothing may be said to have been opened. */
async function settled(outcomes: readonly Outcome[], folders: CaseFolders): Promise<readonly Outcome[]> {
  try {
    await folders.sync();
    return outcomes;
  } catch (cause) {
    return outcomes.map((outcome) => (outcome.kind === "failed" ? outcome : failed(outcome.file, cause)));
  }
}

function failed(file: string, cause: unknown): Outcome {
  return { kind: "failed", file, cause: cause instanceof Error ? cause : new Error(String(cause)) };
}
