import { statSync } from "node:fs";
import { basename } from "node:path";
import { DAY_MS } from "../core/index.js";
import type { NamedKey } from "../desk/index.js";
import {
  findMonths,
  GRACE_MS,
  type Month,
  type MonthFile,
  monthOf,
  readKeyLines,
  readMonth,
} from "../desk/months/index.js";

/** Secret keys in two groups: those that are likely to open the files, and the others, which take time to unwrap. */
export interface MonthKeys {
  readonly near: readonly NamedKey[];
  /** @throws MonthFilesError or WrapError */
  readonly others: () => Promise<readonly NamedKey[]>;
}

export const NO_MONTHS: MonthKeys = { near: [], others: async () => [] };

/**
 * The secrets of the months in `folder`: first of those that letters could be encrypted to on the days when `files`
 * arrived, as their modification times have them.
 * @throws MonthFilesError or WrapError
 */
export async function monthKeysFor(files: readonly string[], folder: string, keyFile: string): Promise<MonthKeys> {
  const likely = new Set(files.flatMap(monthsOf));
  const lines = await readKeyLines(keyFile);
  const all = await findMonths(folder);
  const read = async (months: readonly MonthFile[]) => {
    const keys: NamedKey[] = [];
    for (const file of months) {
      const contents = new TextEncoder().encode(await readMonth(file, lines));
      keys.push({ file: basename(file.path), contents });
    }
    return keys;
  };
  const near = all.filter(({ month }) => likely.has(month));
  const others = all.filter(({ month }) => !likely.has(month));
  // Without a day that says anything, all are near.
  if (near.length === 0) return { ...NO_MONTHS, near: await read(others) };
  return { near: await read(near), others: () => read(others) };
}

/** The months whose subkeys could be used on the day when a file arrived, by a clock that is a day wrong at most. */
function monthsOf(file: string): Month[] {
  const about = statSync(file, { throwIfNoEntry: false });
  const day = about?.mtimeMs ?? 0;
  return [day, day + DAY_MS, day - GRACE_MS - DAY_MS].map((each) => monthOf(new Date(each)));
}
