import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair, type KeyPair } from "../../src/desk/index.js";
import {
  createMonthlyKey,
  type MonthlyKey,
  monthAfter,
  monthFileName,
  monthOf,
  startOfMonth,
  wrapMonth,
} from "../../src/months/index.js";
import { makeSubmissions } from "../support/cases.js";
import { GnuPg } from "../support/gpg.js";
import { recipientOf } from "../support/keys.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { interleave, type Run, rowsOf, type Way } from "./measure.js";
import { diskAtRest, runProgram } from "./process-run.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LINE = "0123-4567-89ab-cdef-0123-4567-89ab-cdef";
const PASSPHRASE = "x";
const MONTHS = 24;
const ONE_KEY = "one key for everything";
const KNOWN = "a key for each month, the month known";
const UNKNOWN = `a key for each month, ${MONTHS} to try`;
const GPG_ONE = "gpg, one key for everything";
const GPG_MONTH = "gpg, the month's key alone";
const GPG_ALL = `gpg, ${MONTHS} months' keys`;

interface Keys {
  readonly pair: KeyPair;
  readonly monthly: MonthlyKey;
}

/** Below `folder`, submissions to one key and to the month's, and both keys. */
async function prepare(folder: string, submissions: number): Promise<Keys> {
  for (const name of ["one", "known"]) await mkdir(join(folder, name), { recursive: true });
  const userId = { name: "x" };
  const pair = await createKeyPair({ profile: "gnupg", userId, passphrase: PASSPHRASE, lifetime: 1e6 });
  const now = startOfMonth(monthAfter(monthOf(new Date()), 1 - MONTHS));
  const monthly = await createMonthlyKey({ userId, passphrase: PASSPHRASE, count: MONTHS, now });
  await makeSubmissions(join(folder, "one"), submissions, await recipientOf(pair));
  await makeSubmissions(join(folder, "known"), submissions, await recipientOf(monthly));
  return { pair, monthly };
}

/** What a key for each month costs `postern open`. */
export async function measureMonths(bench: Bench): Promise<void> {
  const { submissions, rounds } = bench.sizes.months;
  const folder = join(bench.folder, "monthly");
  const inside = (...path: readonly string[]) => join(folder, ...path);
  const { pair, monthly } = await prepare(folder, submissions);
  for (const name of ["unknown", "months"]) await mkdir(inside(name));
  await writeFile(inside("passphrase"), `${PASSPHRASE}\n`);
  await writeFile(inside("key-file"), `${LINE}\n`);
  await writeFile(inside("key.asc"), pair.secretKey);
  for (const { month, secretKey } of monthly.months) {
    await writeFile(inside("months", monthFileName(monthly.fingerprint, month)), await wrapMonth(secretKey, LINE));
  }
  const names = await readdir(inside("known"));
  for (const name of names) {
    const today = new Date();
    await utimes(inside("known", name), today, today);
    // Without a day, the oldest key is tried first, and the one that fits last.
    await writeFile(inside("unknown", name), await readFile(inside("known", name)));
    await utimes(inside("unknown", name), 0, 0);
  }
  const months = ["--months", inside("months"), "--key-file", inside("key-file")];
  let runs = 0;
  const open = (inbox: string, keys: readonly string[]) => async (): Promise<Run> => {
    runs += 1;
    const out = inside(`cases-${runs}`);
    await diskAtRest();
    const words = [inbox, ...keys, "--passphrase-file", inside("passphrase"), "--out", out];
    const ran = await runProgram(process.execPath, [MAIN, "open", ...words]);
    const opened = (await readdir(out)).filter((name) => name.startsWith("submission-")).length;
    if (opened !== submissions) throw new Error(`${opened} of ${submissions} were opened`);
    return ran;
  };
  const ways: Way[] = [
    { name: ONE_KEY, run: open(inside("one"), ["--key", inside("key.asc")]) },
    { name: KNOWN, run: open(inside("known"), months) },
    { name: UNKNOWN, run: open(inside("unknown"), months) },
  ];
  bench.add({
    title: `A key for each month: opening ${submissions} submissions`,
    unit: "a second",
    baseline: ONE_KEY,
    rows: rowsOf(await interleave(ways, rounds), submissions, ONE_KEY),
    targets: [
      { row: KNOWN, baseline: ONE_KEY, atLeast: 0.91 },
      { row: UNKNOWN, baseline: ONE_KEY, atLeast: 0.34 },
    ],
    note: `postern open, ${rounds} rounds; the targets are 1.1 and 3 times the time of one key. The files' dates tell the month; in the last row they tell nothing. A key for each month has its own passphrase lock, and lies in a wrapped file.`,
  });
}

/** What it costs GnuPG, which takes most of a minute to unlock two years of keys. */
export async function measureMonthsWithGnuPg(bench: Bench): Promise<void> {
  if (!hasTool("gpg")) return bench.skip("a key for each month, with gpg", "gpg is not installed");
  const { gpgLetters } = bench.sizes.months;
  const folder = join(bench.folder, "monthly-gpg");
  const { pair, monthly } = await prepare(folder, gpgLetters);
  const secrets = monthly.months.map(({ secretKey }) => secretKey);
  const runsOf = new Map<string, readonly Run[]>();
  for (const [name, inbox, imported] of [
    [GPG_ONE, "one", [pair.secretKey]],
    [GPG_MONTH, "known", secrets.slice(-1)],
    [GPG_ALL, "known", secrets],
  ] as const) {
    runsOf.set(name, [await decryptWithGpg(join(folder, inbox), imported)]);
  }
  bench.add({
    title: "A key for each month, with GnuPG",
    unit: "a second",
    baseline: GPG_ONE,
    rows: rowsOf(runsOf, gpgLetters, GPG_ONE),
    targets: [],
    note: `${gpgLetters} of the letters, gpg --decrypt for each, as it stands in STAFF.md. The recipient is hidden, so that GnuPG tries one key after the other, and unlocks each.`,
  });
}

async function decryptWithGpg(inbox: string, secrets: readonly string[]): Promise<Run> {
  const gnupg = await GnuPg.create();
  try {
    const use = ["--passphrase", PASSPHRASE];
    for (const secret of secrets) await gnupg.gpg([...use, "--import"], Buffer.from(secret));
    const letters = await Promise.all((await readdir(inbox)).map((name) => readFile(join(inbox, name))));
    const begun = performance.now();
    for (const letter of letters) {
      // After trying several keys, GnuPG ends with 2 even if the last one fitted.
      const { stdout } = await gnupg.tryGpg([...use, "--decrypt"], letter);
      if (stdout.length === 0) throw new Error("gpg opened nothing");
    }
    return { seconds: (performance.now() - begun) / 1000 };
  } finally {
    await gnupg.close();
  }
}
