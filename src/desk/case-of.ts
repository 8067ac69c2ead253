import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type CaseRecord, isCaseFolder, isInnerFolder } from "../cases/index.js";
import { nullIfMissing } from "../files/index.js";
import { recordIn } from "./open/index.js";

/** The case that a folder belongs to, which may be that of a follow-up. */
export interface OwnCase {
  /** The folder of the cases; null if the case's folder has not the name of one, so that no list has it. */
  readonly root: string | null;
  readonly folder: string;
  readonly record: CaseRecord;
}

const INNER = /^(?:follow-up|encrypted)-/;

/** Null if the folder holds no opened submission. */
export function caseOf(given: string): OwnCase | null {
  const path = resolve(given);
  const outer = INNER.test(basename(path)) ? recordIn(dirname(path)) : null;
  const folder = outer === null ? path : dirname(path);
  const record = outer ?? recordIn(path);
  if (record === null) return null;
  return { root: isCaseFolder(basename(folder)) ? dirname(folder) : null, folder, record };
}

/** Names of the folders of follow-ups and of encrypted messages in the folder of a case, sorted. */
export async function innerFoldersOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && isInnerFolder(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Paths of the documents below the folder of an opened submission, `files/…`, sorted. */
export async function documentPathsIn(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(join(folder, "files"), { withFileTypes: true }).catch(nullIfMissing)) ?? [];
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => `files/${name}`)
    .sort();
}
