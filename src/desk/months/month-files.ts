import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../core/index.js";
import { nullIfMissing } from "../../files/index.js";
import type { Month } from "./month.js";
import { unwrapMonth, WrapError } from "./wrap.js";

/** `unreadable`: the folder or a file of it. `no_key_file`: the key-file is missing or is none. */
export class MonthFilesError extends Fault<"unreadable" | "no_key_file"> {}

/** A wrapped month in a folder. */
export interface MonthFile {
  readonly month: Month;
  readonly path: string;
}

const NAME = /^postern-[0-9a-f]{16}-([2-9]\d{3}-(?:0[1-9]|1[0-2]))\.month$/;
const KEY_LINE = /^[0-9a-f]{4}(?:-[0-9a-f]{4}){7}$/;

/** @param fingerprint of the primary key */
export function monthFileName(fingerprint: string, month: Month): string {
  return `postern-${fingerprint.slice(0, 16).toLowerCase()}-${month}.month`;
}

/** The wrapped months in `folder`, the earliest first. @throws MonthFilesError */
export async function findMonths(folder: string): Promise<MonthFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new MonthFilesError("unreadable", `${folder} cannot be read`, { cause });
  });
  return names
    .flatMap((name) => {
      const month = NAME.exec(name)?.[1];
      return month === undefined ? [] : [{ month: month as Month, path: join(folder, name) }];
    })
    .sort((left, right) => (left.month + left.path < right.month + right.path ? -1 : 1));
}

/** Where a key-file is written before it takes the place of the old one. */
export function nextKeyFile(keyFile: string): string {
  return `${keyFile}.new`;
}

/**
 * The line of a key-file, and that of its successor if burning was interrupted: then some months open with each.
 * @throws MonthFilesError
 */
export async function readKeyLines(keyFile: string): Promise<readonly string[]> {
  const lines = [await lineOf(keyFile), await lineOf(nextKeyFile(keyFile))].filter((line) => line !== null);
  if (lines.length === 0) throw new MonthFilesError("no_key_file", `${keyFile} is missing, or is no key-file`);
  return lines;
}

/** Null for no file, or none with a line such as ours. */
export async function lineOf(path: string): Promise<string | null> {
  const text = await readFile(path, "utf8").catch(nullIfMissing);
  return text !== null && KEY_LINE.test(text.trim()) ? text.trim() : null;
}

/** The armored secret key in a month's file, by whichever of `keyLines` opens it. @throws WrapError, MonthFilesError */
export async function readMonth({ path }: MonthFile, keyLines: readonly string[]): Promise<string> {
  const wrapped = await readFile(path).catch((cause: unknown) => {
    throw new MonthFilesError("unreadable", `${path} cannot be read`, { cause });
  });
  for (const line of keyLines) {
    try {
      return await unwrapMonth(wrapped, line);
    } catch (cause) {
      if (!(cause instanceof WrapError) || cause.code !== "wrong_key_file") throw cause;
    }
  }
  throw new WrapError("wrong_key_file", `the key-file does not open ${path}`);
}
