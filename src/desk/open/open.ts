import type { KeyPart } from "../../openpgp/index.js";
import { concurrencyLimit } from "../../streams/index.js";
import { CaseFolders } from "./case-folders.js";
import type { OnRead, Opener } from "./opener.js";
import { failed, OpenError, type Outcome, writeFault } from "./outcome.js";
import { discard, finish, type Prepared, prepare } from "./prepare.js";

export interface OpenOptions {
  readonly opener: Opener;
  /** The folder in which the folders of cases are created. */
  readonly out: string;
  readonly onRead?: OnRead;
  /** The parts of the keys given that are not open, to tell why a message is not opened. */
  readonly closed?: readonly KeyPart[];
}

/** Files in progress for each that the opener takes. The others wait until their predecessors are named. */
const LOOKAHEAD = 2;

interface InProgress {
  readonly prepared: Promise<Prepared>;
  /** Whether it waits only for its predecessors. */
  ready: boolean;
}

/**
 * Decrypts each of `files` into its own folder below `out`, or into the folder of the case that it follows up. A folder
 * gets its name only after the whole message has passed its integrity check; a failure leaves nothing behind. Files
 * that an earlier run opened are skipped. A follow-up that arrived before its first case moves there once that is
 * opened.
 *
 * The opener processes several files in parallel. Outcomes come in the order of `files`, each after the folder and its
 * name have been synced to disk.
 * @throws OpenError `cannot_write` if `out` cannot be used
 */
export async function* openSubmissions(files: readonly string[], options: OpenOptions): AsyncGenerator<Outcome> {
  const { opener, out, onRead, closed = [] } = options;
  const folders = await CaseFolders.open(out).catch((cause: unknown) => {
    throw new OpenError("cannot_write", `${out} cannot be used`, { cause });
  });
  // An interrupted run may have left a follow-up beside its first case.
  yield* await synced(moveStrays(folders), folders);
  const rest = files[Symbol.iterator]();
  const queue: InProgress[] = [];
  const limited = concurrencyLimit(opener.maxConcurrent);
  const open: Opener["open"] = (...request) => limited(() => opener.open(...request));
  const begin = () => {
    const { done, value } = rest.next();
    if (done === true) return;
    const one: InProgress = { prepared: prepare(value, open, { onRead, closed, folders }), ready: false };
    one.prepared.then(() => {
      one.ready = true;
    });
    queue.push(one);
  };
  const maxInProgress = LOOKAHEAD * opener.maxConcurrent;
  try {
    for (let count = 0; count < maxInProgress; count += 1) begin();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const outcomes: Outcome[] = [];
      // The ready files behind it are named in the same batch, so that one sync serves them all.
      for (let one: InProgress | undefined = next; one !== undefined; ) {
        const prepared = await one.prepared;
        begin();
        outcomes.push(await finish(prepared, folders));
        const more = outcomes.length < maxInProgress && folders.strays().length === 0 && queue[0]?.ready === true;
        one = more ? queue.shift() : undefined;
      }
      yield* await synced(outcomes, folders);
      yield* await synced(moveStrays(folders), folders);
    }
  } finally {
    for (const { prepared } of queue) await discard(await prepared);
  }
}

function moveStrays(folders: CaseFolders): Outcome[] {
  return folders.strays().map((from) => {
    try {
      return { kind: "moved", file: from, folder: folders.moveToFirstCase(from) };
    } catch (cause) {
      return failed(from, writeFault(cause));
    }
  });
}

/** The outcomes once the new names are on disk; if the sync fails, every outcome is a failure. */
async function synced(outcomes: readonly Outcome[], folders: CaseFolders): Promise<readonly Outcome[]> {
  try {
    await folders.sync();
    return outcomes;
  } catch (cause) {
    const fault = writeFault(cause);
    return outcomes.map((outcome) => (outcome.kind === "failed" ? outcome : failed(outcome.file, fault)));
  }
}
