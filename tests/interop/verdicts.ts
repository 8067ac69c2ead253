import type { KeyRow, Matrix } from "./matrix.js";

/** Programs as `postern keys check` calls them, and which of those tried they are. */
const PROMISED: Readonly<Record<string, RegExp>> = {
  Postern: /^Postern$/,
  GnuPG: /^GnuPG /,
  "Sequoia (sq 1.0 or newer)": /^Sequoia sq [1-9]/,
  GopenPGP: /^gosop [1-9]/,
  "RNP with --allow-hidden": /^RNP (?:0\.(?:1[7-9]|[2-9]\d)|[1-9])/,
};

/** What must never be: that the portal takes what staff cannot open. */
export function* unopened({ keys, ways }: Matrix): Generator<string> {
  for (const { maker, setting, refused, opens, files } of keys) {
    if (refused === null && opens.Postern !== true) yield `${maker}, ${setting}: Postern does not open its own message`;
    for (const [program, outcome] of Object.entries(files)) {
      if (outcome?.startsWith("taken") === true) yield `${maker}, ${setting}: ${outcome}: a file of ${program}`;
    }
  }
  for (const { maker, way, outcome } of ways) {
    if (outcome?.startsWith("taken") === true) yield `${maker} ${way}: ${outcome}`;
  }
}

/** Where `keys check` names a program among those that open what comes, and it does not, or the other way round. */
export function* brokenPromises({ keys }: Matrix): Generator<string> {
  for (const row of keys) {
    if (row.refused === null && !isWithoutUser(row)) yield* brokenIn(row);
  }
}

/** The owner's own key usually has a user id that the certificate lacks. Many programs take no key without one. */
function isWithoutUser({ setting }: KeyRow): boolean {
  return setting.includes("--no-userids");
}

function* brokenIn({ maker, setting, opens, promised }: KeyRow): Generator<string> {
  for (const [name, pattern] of Object.entries(PROMISED)) {
    for (const [program, opened] of Object.entries(opens)) {
      if (!pattern.test(program) || opened === promised.opens.includes(name)) continue;
      yield `${maker}, ${setting}: ${program} ${opened ? "opens" : "does not open"} what comes, against keys check`;
    }
  }
}
