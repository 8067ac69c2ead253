import { quoted } from "./excerpt.js";
import { fingerprintsIn, keysIn, runningParts, surplus } from "./page-parts.js";
import { readWays, statedWays } from "./page-settings.js";
import { waysDifferences } from "./ways-differences.js";

/** A hostile page may hold thousands of keys or scripts. */
const MAX_LINES = 20;
const MAX_SCRIPT_CHARACTERS = 160;

/** Explains a difference where possible: names foreign and missing keys, and foreign scripts. */
export async function explain(expected: Buffer, found: Buffer): Promise<string[]> {
  const [ours, theirs] = [expected.toString("utf8"), found.toString("utf8")];
  const lines: string[] = [];
  const armored = ours.startsWith("-----BEGIN PGP");
  const trusted = armored ? await keysIn(ours) : fingerprintsIn(ours);
  const named = armored ? await keysIn(theirs).catch(() => null) : fingerprintsIn(theirs);
  if (named === null) lines.push("the certificates cannot be read");
  else {
    lines.push(...limited(surplus(named, trusted).map((key) => `a key that is not trusted here: ${key}`)));
    lines.push(...limited(surplus(trusted, named).map((key) => `a key is missing: ${key}`)));
  }
  if (/^\s*</.test(theirs)) {
    const ways = waysDifferences(statedWays(readWays(ours)), statedWays(readWays(theirs)));
    lines.push(...limited(ways.map((each) => quoted(each).slice(1, -1))));
    const foreign = surplus(runningParts(theirs), runningParts(ours));
    const scripts = foreign.map((part) => quoted(part.slice(0, MAX_SCRIPT_CHARACTERS)));
    lines.push(...limited(scripts.map((script) => `a script that is not ours: ${script}`)));
  }
  return lines;
}

function limited(lines: readonly string[]): readonly string[] {
  return lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more like it`];
}
