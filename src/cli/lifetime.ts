import { DAY_MS, Fault } from "../core/index.js";

export class LifetimeError extends Fault<"bad_lifetime"> {}

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };

/** A key's lifetime such as `2y`, in seconds. @throws LifetimeError */
export function lifetimeSeconds(text: string): number {
  const match = /^(\d{1,4})([dwmy])$/.exec(text);
  const days = Number(match?.[1]) * (DAYS[match?.[2] ?? ""] ?? Number.NaN);
  if (!(days > 0)) throw new LifetimeError("bad_lifetime", `${text} is not a lifetime; write 2y, 18m, 12w or 90d`);
  return (days * DAY_MS) / 1000;
}
