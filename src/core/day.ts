/** Every UTC day is this long: a `Date` counts no leap seconds. */
export const DAY_MS = 24 * 60 * 60 * 1000;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a JSON value has the form YYYY-MM-DD. */
export function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value);
}

/** The UTC day of `moment`, as YYYY-MM-DD. Postern never writes a more precise time. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The first moment of the UTC day of `moment`. */
export function startOfDay(moment: Date): Date {
  return new Date(`${dayOf(moment)}T00:00:00Z`);
}
