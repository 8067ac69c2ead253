import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { Fault } from "../core/index.js";
import { findSubmissions, rekeySubmission } from "../desk/index.js";
import { loadRecipients } from "../server/recipients/index.js";
import { adviceFor } from "./advice.js";
import { failureLine, printable } from "./printable.js";
import { ProgressBar, totalSize } from "./progress-bar.js";
import { unlockKeys } from "./unlock-keys.js";

export interface RekeyOptions {
  readonly key: readonly string[];
  readonly passphraseFile?: readonly string[];
  /** Folder of the new recipients' certificates. */
  readonly to: string;
  readonly out: string;
}

/** `postern rekey`: one line per submission. Returns whether every submission was encrypted anew. */
export async function rekeyAll(paths: readonly string[], options: RekeyOptions): Promise<boolean> {
  process.umask(0o077);
  const { key, passphraseFile, to, out } = options;
  const date = new Date();
  const recipients = (await loadRecipients(resolve(to), date)).at(date);
  const files = await findSubmissions(paths);
  const { keys, closed } = await unlockKeys(key, passphraseFile);
  await mkdir(out, { recursive: true, mode: 0o700 });
  const bar = new ProgressBar(totalSize(files));
  const counts = { done: 0, failed: 0 };
  const codes = new Set<string>();
  for (const file of files) {
    try {
      const path = await rekeySubmission({ file, out, keys, closed, recipients, date, onRead: bar.add });
      bar.clear();
      counts.done += 1;
      process.stdout.write(`${printable(file)} -> ${printable(path)}\n`);
    } catch (cause) {
      bar.clear();
      counts.failed += 1;
      process.stderr.write(failureLine(file, cause));
      if (cause instanceof Fault) codes.add(String(cause.code));
    }
  }
  process.stderr.write(adviceFor(codes));
  process.stderr.write(`${counts.done} encrypted to ${recipients.length} recipients, ${counts.failed} failed\n`);
  if (files.length === 0) process.stderr.write("found no file ending in .gpg\n");
  return counts.failed === 0 && files.length > 0;
}
