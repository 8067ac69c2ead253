import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { Fault } from "../../core/index.js";
import { syncFolder, writeNewFile } from "../../files/index.js";
import { type Month, unwrapMonth, wrapMonth } from "../../months/index.js";
import { whileLocked } from "./burning-lock.js";
import { destroy, overwrite } from "./destroy.js";
import {
  findMonths,
  findUnfinished,
  lineOf,
  type MonthFile,
  nextKeyFile,
  readKeyLines,
  readNamedMonth,
  unfinishedName,
} from "./month-files.js";

/** `no_such_month`: its secret is not here. `not_written`: the medium gives back other bytes than it was given. */
export class BurnError extends Fault<"no_such_month" | "not_written"> {}

export interface BurnRequest {
  readonly month: Month;
  /** With the files of the months. */
  readonly folder: string;
  readonly keyFile: string;
  /** The line of the key-file that takes its place. */
  readonly newKeyLine: string;
}

interface Rewrapped {
  readonly file: MonthFile;
  readonly path: string;
}

/**
 * Destroys the secret of a month. Every other month is wrapped anew under a new key-file; only then are the month's
 * file, the old files of the others and the old key-file overwritten. What a medium has kept of the old files needs the
 * old key-file.
 *
 * If it is interrupted, every other month can still be opened, and running it again finishes it.
 * @returns how many months are left
 * @throws BurnError, WrapError, MonthFilesError, BurningLockError or an error of the file system; then no month is lost
 */
export async function burnMonth(request: BurnRequest): Promise<number> {
  return whileLocked(request.keyFile, () => burnLocked(request));
}

async function burnLocked({ month, folder, keyFile, newKeyLine }: BurnRequest): Promise<number> {
  const all = await findMonths(folder);
  const burnt = all.filter((each) => each.month === month);
  const kept = all.filter((each) => each.month !== month);
  const successor = nextKeyFile(keyFile);
  const begun = await lineOf(successor);
  if (burnt.length === 0 && begun === null) {
    throw new BurnError("no_such_month", `there is no secret of ${month} in ${folder}`);
  }
  const keyLines = await readKeyLines(keyFile);
  // An interrupted burning of another month may have left this one under the new key-file.
  for (const path of await findUnfinished(folder)) await destroy(path);
  // Under its name there may lie the secret of another month. One that was overwritten already says nothing.
  if (begun === null) for (const file of burnt) await readNamedMonth(file, keyLines);
  const line = begun ?? newKeyLine;
  const rewrapped = await rewrap(kept, keyLines, successor, begun, line);
  await syncFolder(folder);
  await syncFolder(dirname(keyFile));
  for (const { path } of burnt) await destroy(path);
  for (const { file, path } of rewrapped) {
    // Under its name there is always a whole file.
    await overwrite(file.path, () => rename(path, file.path));
  }
  await syncFolder(folder);
  // Last: until here, what is not wrapped anew yet still opens.
  await overwrite(keyFile).catch((cause: unknown) => {
    // Interrupted after this step, and lost since: the new one is complete.
    if (begun === null) throw cause;
  });
  await rename(successor, keyFile);
  await syncFolder(dirname(keyFile));
  return kept.length;
}

/** Wraps `kept` under `line` beside their old files, or leaves no trace. */
async function rewrap(
  kept: readonly MonthFile[],
  keyLines: readonly string[],
  successor: string,
  begun: string | null,
  line: string,
): Promise<readonly Rewrapped[]> {
  const rewrapped: Rewrapped[] = [];
  try {
    if (begun === null) {
      // Torn, if there is one.
      await destroy(successor);
      await writeNewFile(successor, `${line}\n`);
    }
    for (const file of kept) {
      const secretKey = await readNamedMonth(file, keyLines);
      const path = unfinishedName(file.path);
      rewrapped.push({ file, path });
      await writeNewFile(path, await wrapMonth(secretKey, line));
      await check(path, line, secretKey);
    }
    if ((await lineOf(successor)) !== line) throw new BurnError("not_written", `${successor} cannot be read back`);
    return rewrapped;
  } catch (cause) {
    for (const { path } of rewrapped) await destroy(path);
    if (begun === null) await destroy(successor);
    throw cause;
  }
}

async function check(path: string, line: string, secretKey: string): Promise<void> {
  const file = await open(path, "r");
  try {
    if ((await unwrapMonth(await file.readFile(), line)) === secretKey) return;
  } finally {
    await file.close();
  }
  throw new BurnError("not_written", `${path} cannot be read back`);
}
