import { DAY_MS, Fault } from "../core/index.js";

export class MonthError extends Fault<"bad_month"> {}

/** A calendar month in UTC, such as `2026-10`. */
export type Month = `${number}-${number}`;

/** How long a month's subkey may still be encrypted to after its month: for pages and forms that know no later one. */
export const GRACE_MS = 14 * DAY_MS;

/** @throws MonthError */
export function parseMonth(text: string): Month {
  if (!/^[2-9]\d{3}-(?:0[1-9]|1[0-2])$/.test(text)) throw new MonthError("bad_month", "a month is such as 2026-10");
  return text as Month;
}

export function monthOf(date: Date): Month {
  return date.toISOString().slice(0, 7) as Month;
}

/** The month that is `count` months later. */
export function monthAfter(month: Month, count = 1): Month {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return monthOf(new Date(Date.UTC(year, number - 1 + count, 1)));
}

/** The first moment of a month. */
export function startOfMonth(month: Month): Date {
  return new Date(`${month}-01T00:00:00.000Z`);
}

/** When nothing may be encrypted to the subkey of `month` any more. */
export function endOfUse(month: Month): Date {
  return new Date(startOfMonth(monthAfter(month)).getTime() + GRACE_MS);
}
