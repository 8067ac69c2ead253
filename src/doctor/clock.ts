import { dayOf } from "../core/index.js";
import type { Asker } from "../http-client/index.js";
import { fault, ok, type Verdict, warning } from "./verdict.js";

/** When this version was made: no clock that is right can say less. */
const MADE = new Date("2026-11-01T00:00:00Z");
const MINUTE = 60_000;
const CURE = "set the clock, and have it kept right by systemd-timesyncd or chrony";

/** Certificates begin and end by the clock, and the day of a letter is taken from it. */
export async function checkClock(now: Date, askers: readonly Asker[]): Promise<readonly Verdict[]> {
  if (now < MADE) return [fault(`the clock says ${dayOf(now)}, before this version was made`, CURE)];
  const verdicts: Verdict[] = [];
  for (const asker of askers) {
    const asked = Date.now();
    const { headers } = await asker.ask("/");
    const theirs = Date.parse(headers.date ?? "");
    if (Number.isNaN(theirs)) {
      verdicts.push(warning(`${asker.name} does not say what time it is`, "name another with --clock URL"));
      continue;
    }
    const minutes = Math.round(Math.abs(now.getTime() + Date.now() - asked - theirs) / MINUTE);
    const apart = `this clock and that of ${asker.name} are ${minutes} minutes apart`;
    if (minutes >= 60) verdicts.push(fault(apart, CURE));
    else if (minutes >= 5) verdicts.push(warning(apart, CURE));
    else verdicts.push(ok(`this clock and that of ${asker.name} agree`));
  }
  return verdicts.length > 0
    ? verdicts
    : [ok("it is past this version's date; --clock URL compares it with another's")];
}
