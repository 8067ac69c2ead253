const WRITTEN = /^\s*(\d{1,2})\s*\.\s*(\d{1,2})\s*\.\s*(\d{4})\s*\.?\s*$/;
const ISO = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/;

/**
 * Reads `31.12.2024` and `2024-12-31`. Rejects slashes: countries disagree whether the day or the month comes first.
 * @returns ISO 8601, `YYYY-MM-DD`; null if it is not a day of the Gregorian calendar
 */
export function parseDate(typed: string): string | null {
  const written = WRITTEN.exec(typed);
  const [year, month, day] = (
    written === null ? (ISO.exec(typed)?.slice(1) ?? []) : [written[3], written[2], written[1]]
  ).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 0
    ? date.toISOString().slice(0, 10)
    : null;
}

/** The same for a page, where "2024" and the "г." after it stay on one line. */
export function sayDay(day: string, language: string): string {
  return sayDate(day, language).replace(/\s(?=\p{L}\.$)/u, "\u00a0");
}

/** A day in ISO 8601, written out in `language`, a BCP 47 tag. */
export function sayDate(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}
