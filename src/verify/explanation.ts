import { quoted } from "./excerpt.js";
import { beyond, fingerprintsIn, keysIn, runningParts } from "./page-parts.js";

/** Things of one kind that are named for one answer. */
const MOST_NAMED = 20;

/** What a difference means, where that can be told: foreign keys and foreign scripts, by name. */
export async function explain(expected: Buffer, found: Buffer): Promise<string[]> {
  const [ours, theirs] = [expected.toString("utf8"), found.toString("utf8")];
  const said: string[] = [];
  const armored = ours.startsWith("-----BEGIN PGP");
  const trusted = armored ? await keysIn(ours) : fingerprintsIn(ours);
  const named = armored ? await keysIn(theirs).catch(() => null) : fingerprintsIn(theirs);
  if (named === null) said.push("what should be certificates cannot be read as such");
  else {
    said.push(...few(beyond(named, trusted).map((key) => `a key that is not trusted here: ${key}`)));
    said.push(...few(beyond(trusted, named).map((key) => `a key is missing: ${key}`)));
  }
  if (/^\s*</.test(theirs)) {
    const foreign = beyond(runningParts(theirs), runningParts(ours));
    said.push(...few(foreign.map((part) => `a script that is not ours: ${quoted(part.slice(0, 160))}`)));
  }
  return said;
}

/** A hostile page may hold thousands of anything. */
function few(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_NAMED
    ? lines
    : [...lines.slice(0, MOST_NAMED), `and ${lines.length - MOST_NAMED} more like it`];
}
