import type { OpenedSubmission } from "../core/index.js";
import {
  acknowledgeIn,
  acknowledgementOf,
  findSubmissions,
  type Outcome,
  openSubmissions,
  readSecretKeys,
} from "../desk/index.js";
import { askPassphrase, passphraseFromFile } from "./passphrase.js";
import { failureLine, printable } from "./printable.js";
import { ProgressBar, totalSize } from "./progress-bar.js";

export interface OpenCommandOptions {
  readonly key: string;
  readonly passphraseFile?: string;
  readonly out: string;
}

/** `postern open`: one line per submission. Returns whether all of them could be opened. */
export async function openCommand(paths: readonly string[], options: OpenCommandOptions): Promise<boolean> {
  process.umask(0o077);
  const { passphraseFile } = options;
  const files = await findSubmissions(paths);
  const keys = await readSecretKeys(options.key, () =>
    passphraseFile === undefined
      ? askPassphrase(`passphrase for ${options.key}: `)
      : passphraseFromFile(passphraseFile),
  );
  const bar = new ProgressBar(await totalSize(files));
  const counts = { opened: 0, known: 0, moved: 0, failed: 0 };
  const acknowledged: OpenedSubmission[] = [];
  for await (const outcome of openSubmissions(files, { keys, out: options.out, onRead: bar.add })) {
    bar.clear();
    counts[outcome.kind] += 1;
    if (outcome.kind === "failed") {
      process.stderr.write(failureLine(outcome.file, outcome.cause));
    } else {
      const opened = outcome.kind === "moved" ? null : acknowledgementOf(outcome.file, outcome.sha256);
      if (opened !== null) acknowledged.push(opened);
      process.stdout.write(`${printable(outcome.file)} -> ${outcome.folder}${note(outcome)}\n`);
    }
  }
  bar.clear();
  if (acknowledged.length > 0) {
    const path = await acknowledgeIn(options.out, acknowledged);
    process.stderr.write(`what was opened is in ${path}, to be brought back to the server\n`);
  }
  process.stderr.write(`${counts.opened} opened, ${counts.known} opened before, ${counts.failed} failed\n`);
  if (files.length === 0) process.stderr.write("no file ending in .gpg was found there\n");
  return counts.failed === 0 && files.length > 0;
}

function note(outcome: Exclude<Outcome, { kind: "failed" }>): string {
  if (outcome.kind === "known") return " (opened before)";
  if (outcome.kind === "moved") return " (moved to the case that it follows up)";
  return outcome.kind === "opened" && outcome.place === "alone"
    ? " (a follow-up; the case it belongs to is not here)"
    : "";
}
