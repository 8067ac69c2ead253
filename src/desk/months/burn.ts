import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Fault } from "../../core/index.js";
import { writeNewFile } from "../../files/index.js";
import { syncFolder } from "../open/index.js";
import type { Month } from "./month.js";
import { findMonths, lineOf, type MonthFile, nextKeyFile, readKeyLines, readMonth } from "./month-files.js";
import { unwrapMonth, wrapMonth } from "./wrap.js";

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

/**
 * Destroys the secret of a month. Every other month is wrapped anew under a new key-file; only then are the month's
 * file, the old files of the others and the old key-file overwritten. What a medium has kept of the old files needs the
 * old key-file.
 *
 * If it is interrupted, every other month can still be opened, and running it again finishes it.
 * @returns how many months are left
 * @throws BurnError, WrapError, MonthFilesError; then nothing has changed
 */
export async function burnMonth({ month, folder, keyFile, newKeyLine }: BurnRequest): Promise<number> {
  const all = await findMonths(folder);
  const burnt = all.filter((each) => each.month === month);
  const kept = all.filter((each) => each.month !== month);
  const successor = nextKeyFile(keyFile);
  const begun = await lineOf(successor);
  if (burnt.length === 0 && begun === null) {
    throw new BurnError("no_such_month", `there is no secret of ${month} in ${folder}`);
  }
  const keyLines = await readKeyLines(keyFile);
  // A burning that was interrupted has wrapped some of them under its key-file already.
  const line = begun ?? newKeyLine;
  const rewrapped: { readonly file: MonthFile; readonly path: string }[] = [];
  try {
    if (begun === null) await writeNewFile(successor, `${line}\n`);
    for (const file of kept) {
      const secretKey = await readMonth(file, keyLines);
      const path = `${file.path}.new`;
      await rm(path, { force: true });
      await writeNewFile(path, await wrapMonth(secretKey, line));
      rewrapped.push({ file, path });
      await check(path, line, secretKey);
    }
    if ((await lineOf(successor)) !== line) throw new BurnError("not_written", `${successor} cannot be read back`);
  } catch (cause) {
    for (const { path } of rewrapped) await rm(path, { force: true });
    if (begun === null) await rm(successor, { force: true });
    throw cause;
  }
  await syncFolder(folder);
  await syncFolder(dirname(keyFile));
  for (const { path } of burnt) {
    await overwrite(path);
    await rm(path);
  }
  for (const { file, path } of rewrapped) {
    // Under its name there is always a whole file.
    await overwrite(file.path, () => rename(path, file.path));
  }
  await syncFolder(folder);
  // Last: until here, what is not wrapped anew yet still opens.
  await overwrite(keyFile);
  await rename(successor, keyFile);
  await syncFolder(dirname(keyFile));
  return kept.length;
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

/** Overwrites the bytes of a file in place, after `before`, which may give its name to another file. */
async function overwrite(path: string, before: () => Promise<void> = async () => undefined): Promise<void> {
  const file = await open(path, "r+");
  try {
    await before();
    const { size } = await file.stat();
    await file.write(randomBytes(size), 0, size, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
