import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readPrivateKey } from "openpgp";
import { Fault } from "../../core/index.js";
import { nullIfMissing } from "../../files/index.js";
import { type Month, monthOf } from "./month.js";
import { unwrapMonth, WrapError } from "./wrap.js";

/**
 * `unreadable`: the folder or a file of it. `no_key_file`: the key-file is missing or is none. `other_month`: a file
 * holds the secret of another month than its name says.
 */
export class MonthFilesError extends Fault<"unreadable" | "no_key_file" | "other_month"> {}

/** A wrapped month in a folder. */
export interface MonthFile {
  readonly month: Month;
  readonly path: string;
}

const NAME = /^postern-[0-9a-f]{16}-([2-9]\d{3}-(?:0[1-9]|1[0-2]))\.month$/;
const UNFINISHED = ".new";
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

/** Where a month is written before it takes the place of its old file. */
export function unfinishedName(path: string): string {
  return `${path}${UNFINISHED}`;
}

/** What an interrupted burning has left in `folder`. */
export async function findUnfinished(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(UNFINISHED) && NAME.test(name.slice(0, -UNFINISHED.length)))
    .map((name) => join(folder, name));
}

/** Where a key-file is written before it takes the place of the old one. */
export function nextKeyFile(keyFile: string): string {
  return `${keyFile}${UNFINISHED}`;
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

/**
 * {@link readMonth} for burning: the file must hold the secret of the month that its name says.
 * @throws WrapError, MonthFilesError
 */
export async function readNamedMonth(file: MonthFile, keyLines: readonly string[]): Promise<string> {
  const secretKey = await readMonth(file, keyLines);
  const months = await readPrivateKey({ armoredKey: secretKey }).then(
    ({ subkeys }) => subkeys.map((subkey) => monthOf(subkey.getCreationTime())),
    () => [],
  );
  if (months.length === 1 && months[0] === file.month) return secretKey;
  const found = months.length === 1 ? `the secret of ${months[0]}` : "no secret of a month";
  throw new MonthFilesError("other_month", `${file.path} holds ${found}: give it the name of what it holds`);
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
  const restored = "another key-file wrapped it, or it is a copy from before a burning";
  throw new WrapError("wrong_key_file", `the key-file does not open ${path}: ${restored}`);
}
