import { statSync } from "node:fs";
import { basename } from "node:path";
import { DAY_MS } from "../core/index.js";
import type { NamedKey } from "../desk/index.js";
import {
  findMonths,
  GRACE_MS,
  type Month,
  type MonthFile,
  MonthFilesError,
  monthAfter,
  monthOf,
  readKeyLines,
  readMonth,
  WrapError,
} from "../desk/months/index.js";

/** Secret keys by how likely they open the files, each group unwrapped only when it is asked for, which takes time. */
export type MonthKeys = readonly (() => Promise<readonly NamedKey[]>)[];

/** A form that becomes a file is encrypted to the last of the months that were published with it. */
const MONTHS_AHEAD = 3;

/**
 * The secrets of the months in `folder`: first of those that letters are encrypted to on the days when `files` arrived,
 * as their modification times have them; then of those that offline forms of these days encrypt to; then all others.
 * @param onClosed receives the files that cannot be unwrapped
 * @throws MonthFilesError
 */
export async function monthKeysFor(
  files: readonly string[],
  folder: string,
  keyFile: string,
  onClosed: (path: string, cause: WrapError | MonthFilesError) => void,
): Promise<MonthKeys> {
  const likely = new Set(files.flatMap(monthsOf));
  const ahead = new Set([...likely].flatMap((month) => [1, 2, MONTHS_AHEAD].map((count) => monthAfter(month, count))));
  const lines = await readKeyLines(keyFile);
  const all = await findMonths(folder);
  const read = (months: readonly MonthFile[]) => async () => {
    const keys: NamedKey[] = [];
    for (const file of months) {
      try {
        const contents = new TextEncoder().encode(await readMonth(file, lines));
        keys.push({ file: basename(file.path), contents });
      } catch (cause) {
        if (!(cause instanceof WrapError || cause instanceof MonthFilesError)) throw cause;
        onClosed(file.path, cause);
      }
    }
    return keys;
  };
  const near = all.filter(({ month }) => likely.has(month));
  // Without a day that says anything, all are alike.
  if (near.length === 0) return [read(all)];
  const next = all.filter(({ month }) => !likely.has(month) && ahead.has(month));
  const others = all.filter(({ month }) => !likely.has(month) && !ahead.has(month));
  return [near, next, others].filter(({ length }) => length > 0).map(read);
}

/** The months whose subkeys could be used on the day when a file arrived, by a clock that is a day wrong at most. */
function monthsOf(file: string): Month[] {
  const about = statSync(file, { throwIfNoEntry: false });
  const day = about?.mtimeMs ?? 0;
  return [day, day + DAY_MS, day - GRACE_MS - DAY_MS].map((each) => monthOf(new Date(each)));
}
