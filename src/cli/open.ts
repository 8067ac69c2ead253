import { availableParallelism } from "node:os";
import { dayOf, Fault, type OpenedSubmission } from "../core/index.js";
import {
  acknowledgeIn,
  acknowledgementOf,
  findSubmissions,
  gpgOpener,
  type Opener,
  type Outcome,
  openSubmissions,
  workerOpener,
} from "../desk/open/index.js";
import type { KeyPart } from "../openpgp/index.js";
import { adviceFor } from "./advice.js";
import { failureLine, printable } from "./printable.js";
import { ProgressBar, totalSize } from "./progress-bar.js";
import { unlockKeys } from "./unlock-keys.js";

export class OpenUsageError extends Fault<"invalid_usage"> {}

export interface OpenOptions {
  readonly key?: readonly string[];
  readonly gpg?: boolean;
  readonly passphraseFile?: readonly string[];
  readonly out: string;
  /** Folder for notices of what was opened, to be carried back like replies; none unless given. */
  readonly notices?: string;
  /** Concurrency limit. */
  readonly jobs?: number;
  /** How long a file may make no progress, ms. */
  readonly timeout?: number;
}

/** `postern open`: one line per submission. Returns whether every submission was opened. @throws OpenUsageError */
export async function openAll(paths: readonly string[], options: OpenOptions): Promise<boolean> {
  process.umask(0o077);
  if ((options.key === undefined) !== (options.gpg === true)) {
    throw new OpenUsageError("invalid_usage", "name secret key files with --key, or give --gpg for the keys of GnuPG");
  }
  const files = await findSubmissions(paths);
  const jobs = Math.max(1, Math.min(options.jobs ?? availableParallelism(), files.length));
  const { opener, closed } = await makeOpener(options, jobs);
  const bar = new ProgressBar(totalSize(files));
  const counts = { opened: 0, known: 0, moved: 0, failed: 0 };
  const acknowledged: OpenedSubmission[] = [];
  const opened: string[] = [];
  const failures: string[] = [];
  const codes = new Set<string>();
  // Loads while the workers decrypt.
  const index = import("../desk/html/index.js");
  index.catch(() => undefined);
  try {
    for await (const outcome of openSubmissions(files, { opener, closed, out: options.out, onRead: bar.add })) {
      bar.clear();
      counts[outcome.kind] += 1;
      if (outcome.kind === "failed") {
        failures.push(failureLine(outcome.file, outcome.cause));
        codes.add(outcome.cause.code);
        continue;
      }
      if (outcome.kind === "opened") opened.push(outcome.folder);
      const listed = outcome.kind === "moved" ? null : acknowledgementOf(outcome.file, outcome.sha256);
      if (listed !== null) acknowledged.push(listed);
      process.stdout.write(`${printable(outcome.file)} -> ${outcome.folder}${note(outcome)}\n`);
    }
  } finally {
    bar.clear();
    const closed = opener.close();
    // After an error too: what was opened before it counts.
    if (acknowledged.length > 0) {
      const path = await acknowledgeIn(options.out, acknowledged);
      process.stderr.write(`carry ${path} back to the server: it lists what was opened\n`);
    }
    if (options.notices !== undefined) await notify(opened, options.notices);
    if (counts.opened + counts.known + counts.moved > 0) {
      const { writeCaseIndex } = await index;
      process.stderr.write(`all cases are in ${await writeCaseIndex(options.out)}\n`);
    }
    await closed;
    // Last, so that thousands of other lines do not hide them.
    for (const line of failures) process.stderr.write(line);
    process.stderr.write(adviceFor(codes));
  }
  process.stderr.write(`${counts.opened} opened, ${counts.known} opened before, ${counts.failed} failed\n`);
  if (files.length === 0) process.stderr.write("found no file ending in .gpg\n");
  return counts.failed === 0 && files.length > 0;
}

/** All together at the end: the server must not see which case was opened when. */
async function notify(caseFolders: readonly string[], out: string): Promise<void> {
  const { writeOpenedNotices } = await import("../desk/index.js");
  const count = await writeOpenedNotices(caseFolders, dayOf(new Date()), out);
  process.stderr.write(
    `${count} notices in ${printable(out)}: carry them back with the replies, and import all at once\n`,
  );
}

interface KeyedOpener {
  readonly opener: Opener;
  readonly closed: readonly KeyPart[];
}

async function makeOpener({ key, passphraseFile, timeout }: OpenOptions, jobs: number): Promise<KeyedOpener> {
  if (key === undefined) return { opener: gpgOpener("gpg", jobs, timeout), closed: [] };
  const unlocked = unlockKeys(key, passphraseFile);
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
  if (outcome.kind === "known") return " (opened before)";
  if (outcome.kind === "moved") return " (moved to the case that it follows up)";
  if (outcome.foreign === true) return " (encrypted by the person's own program; no answer possible)";
  return outcome.place === "alone" ? " (a follow-up; its first submission is not here)" : "";
}
