import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { ACKNOWLEDGEMENT, dayOf, Fault, type OpenedSubmission } from "../core/index.js";
import type { NamedKey } from "../desk/index.js";
import {
  acknowledgeIn,
  acknowledgementOf,
  findSubmissions,
  gpgOpener,
  isTombstone,
  type Opener,
  type Outcome,
  openSubmissions,
  putIntoOutbox,
  workerOpener,
} from "../desk/open/index.js";
import type { KeyPart } from "../openpgp/index.js";
import { adviceFor } from "./advice.js";
import { type MonthKeys, monthKeysFor } from "./month-keys.js";
import { PickupArchives } from "./pickup-archives.js";
import { failureLine, printable } from "./printable.js";
import { ProgressBar, totalSize } from "./progress-bar.js";
import { UnlockError, unlockKeys } from "./unlock-keys.js";

const USAGE = "name secret key files with --key, or give --gpg for the keys of GnuPG, or --months and --key-file";

/** Where replies wait to be carried back as well. */
const OUTBOX = "outbox";

export class OpenUsageError extends Fault<"invalid_usage"> {}

export interface OpenOptions {
  readonly key?: readonly string[];
  readonly gpg?: boolean;
  readonly passphraseFile?: readonly string[];
  readonly out: string;
  /** Folder for notices of what was opened, to be carried back like replies; `outbox` beside `out` unless given. */
  readonly notices?: string | false;
  /** Concurrency limit. */
  readonly jobs?: number;
  /** How long a file may make no progress, ms. */
  readonly timeout?: number;
  /** Folder of the months' secrets. */
  readonly months?: string;
  readonly keyFile?: string;
}

/** `postern open`: one line per submission. Returns whether every submission was opened. @throws OpenUsageError */
export async function openAll(paths: readonly string[], options: OpenOptions): Promise<boolean> {
  process.umask(0o077);
  if ((options.key === undefined && options.months === undefined) !== (options.gpg === true)) {
    throw new OpenUsageError("invalid_usage", USAGE);
  }
  const archives = await PickupArchives.unpack(paths, options.out);
  try {
    return await openFiles(paths, archives, options);
  } finally {
    await archives.remove();
  }
}

async function openFiles(paths: readonly string[], archives: PickupArchives, options: OpenOptions): Promise<boolean> {
  const files = [...(await findSubmissions(paths.filter((path) => !path.endsWith(".tar")))), ...archives.files];
  const jobs = Math.max(1, Math.min(options.jobs ?? availableParallelism(), files.length));
  const [near = async () => [], ...others] = await monthsFor(files, options);
  const keyed = await makeOpener(options, near, jobs);
  let { opener, closed } = keyed;
  const bar = new ProgressBar(totalSize(files));
  const counts = { opened: 0, known: 0, moved: 0, failed: archives.failures.length };
  const acknowledged: OpenedSubmission[] = [];
  const opened: string[] = [];
  let failures: { readonly file: string; readonly line: string; readonly code: string }[] = archives.failures.map(
    ({ file, cause }) => ({ file, line: failureLine(file, cause), code: String(cause.code) }),
  );
  // Loads while the workers decrypt.
  const index = import("../desk/html/index.js");
  index.catch(() => undefined);
  const openThese = async (these: readonly string[]) => {
    for await (const outcome of openSubmissions(these, { opener, closed, out: options.out, onRead: bar.add })) {
      bar.clear();
      counts[outcome.kind] += 1;
      if (outcome.kind === "failed") {
        const { file, cause } = outcome;
        failures.push({ file, line: failureLine(archives.nameOf(file), cause), code: String(cause.code) });
        continue;
      }
      if (outcome.kind === "opened") opened.push(outcome.folder);
      const listed = outcome.kind === "moved" ? null : acknowledgementOf(outcome.file, outcome.sha256);
      if (listed !== null) acknowledged.push(listed);
      process.stdout.write(`${printable(archives.nameOf(outcome.file))} -> ${outcome.folder}${note(outcome)}\n`);
    }
  };
  try {
    await openThese(files);
    for (const more of others) {
      // An offline form or a wrong clock encrypted to another month, or the medium lost the days of arrival.
      const again = failures.filter(({ code }) => code === "no_matching_key");
      if (again.length === 0) break;
      const next = await makeOpener({ ...options, key: [] }, more, jobs).catch(nullIfClosed);
      if (next === null) continue;
      failures = failures.filter((each) => !again.includes(each));
      counts.failed -= again.length;
      await opener.close();
      ({ opener, closed } = next);
      await openThese(again.map(({ file }) => file));
    }
  } finally {
    bar.clear();
    const closed = opener.close();
    const { notices = join(dirname(options.out), OUTBOX) } = options;
    // After an error too: what was opened before it counts.
    if (acknowledged.length > 0) {
      const path = await acknowledgeIn(options.out, acknowledged);
      if (notices !== false) await putIntoOutbox(path, notices, ACKNOWLEDGEMENT);
      const carried = notices === false ? path : notices;
      process.stderr.write(`carry ${printable(carried)} back to the server: it lists what was opened\n`);
    }
    if (counts.opened + counts.known + counts.moved > 0) {
      const { writeCaseIndex } = await index;
      process.stderr.write(`all cases are in ${await writeCaseIndex(options.out)}\n`);
    }
    await closed;
    // After the index: where no notice can be written, the cases are all there.
    if (notices !== false && opened.length > 0) await notify(opened, notices);
    // Last, so that thousands of other lines do not hide them.
    for (const { line } of failures) process.stderr.write(line);
    process.stderr.write(adviceFor(failures.map(({ code }) => code)));
  }
  process.stderr.write(`${counts.opened} opened, ${counts.known} opened before, ${counts.failed} failed\n`);
  if (files.length + archives.failures.length === 0) process.stderr.write("found no file ending in .gpg\n");
  return counts.failed === 0 && files.length > 0;
}

/** All together at the end: the server must not see which case was opened when. */
async function notify(caseFolders: readonly string[], out: string): Promise<void> {
  const { writeOpenedNotices } = await import("../desk/index.js");
  const count = await writeOpenedNotices(caseFolders, dayOf(new Date()), out);
  if (count === 0) return;
  process.stderr.write(
    `${count} notices in ${printable(out)}: carry them back with the replies, and import all at once\n`,
  );
}

/** The secrets of the months in which the files came, and those of all others. */
async function monthsFor(files: readonly string[], { months, keyFile }: OpenOptions): Promise<MonthKeys> {
  if (months === undefined) return [];
  if (keyFile === undefined) throw new OpenUsageError("invalid_usage", "--months needs --key-file");
  return monthKeysFor(files, months, keyFile, (path, cause) => process.stderr.write(failureLine(path, cause)));
}

/** Months that nothing opens take nothing from those that are open. */
function nullIfClosed(cause: unknown): null {
  if (!(cause instanceof UnlockError)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  return null;
}

interface KeyedOpener {
  readonly opener: Opener;
  readonly closed: readonly KeyPart[];
}

async function makeOpener(
  { key = [], gpg, passphraseFile, timeout }: OpenOptions,
  months: () => Promise<readonly NamedKey[]>,
  jobs: number,
): Promise<KeyedOpener> {
  if (gpg === true) return { opener: gpgOpener("gpg", jobs, timeout), closed: [] };
  // The threads start meanwhile.
  const unlocked = months().then((more) => unlockKeys(key, passphraseFile, more));
  const opener = workerOpener(
    unlocked.then(({ keys }) => keys),
    jobs,
    undefined,
    timeout,
  );
  const { closed } = await unlocked.catch(async (cause: unknown) => {
    await opener.close();
    throw cause;
  });
  return { opener, closed };
}

function note(outcome: Exclude<Outcome, { kind: "failed" }>): string {
  if (outcome.kind === "known") return isTombstone(outcome.folder) ? " (deleted)" : " (opened before)";
  if (outcome.kind === "moved") return " (moved to the case that it follows up)";
  if (outcome.foreign === true) return " (encrypted by the person's own program; no answer possible)";
  return outcome.place === "alone" ? " (a follow-up; its first submission is not here)" : "";
}
