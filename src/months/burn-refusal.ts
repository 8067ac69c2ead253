import { DAY_MS, dayOf, Fault, type LedgerExport } from "../core/index.js";
import { endOfUse, type Month, monthAfter, startOfMonth } from "./month.js";

/**
 * `not_over`: letters may still be encrypted to the month. `unopened`: letters of it wait. `old_ledger`: the ledger
 * was exported before it was over. `ledger_ahead`: by its clock or this one, the ledger is of a day to come.
 * `no_ledger`: none was given.
 */
export class BurnRefusal extends Fault<"not_over" | "unopened" | "old_ledger" | "ledger_ahead" | "no_ledger"> {}

/** Why a month must not be burnt yet; null if it may. */
export function burnRefusal(month: Month, ledger: LedgerExport | null, now: Date): BurnRefusal | null {
  const end = endOfUse(month);
  const last = dayOf(end);
  if (now < end) return new BurnRefusal("not_over", `letters may be encrypted to ${month} until ${last}`);
  if (ledger === null) {
    return new BurnRefusal(
      "no_ledger",
      "give --ledger what postern ledger prints on the server: it tells what is unopened",
    );
  }
  const { made, unopened } = ledger;
  if (made < last) {
    return new BurnRefusal("old_ledger", `the ledger was exported on ${made}, and letters came until ${last}`);
  }
  // Two clocks must say that the month is over.
  if (made > dayOf(new Date(now.getTime() + DAY_MS))) {
    return new BurnRefusal("ledger_ahead", `the ledger is of ${made}, and this machine's clock says ${dayOf(now)}`);
  }
  // A clock that is ahead encrypts to a month before it begins.
  const first = dayOf(startOfMonth(monthAfter(month, -1)));
  const waiting = [...unopened].filter(([day]) => day >= first && day <= last);
  const count = waiting.reduce((sum, [, each]) => sum + each, 0);
  if (count === 0) return null;
  const days = waiting.map(([day]) => day).sort();
  const span = `${days[0]} to ${days.at(-1)}`;
  return new BurnRefusal("unopened", `nobody has opened ${count} of the letters that came from ${span}`);
}
