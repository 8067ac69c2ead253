// What a key for each month costs `postern open`, and GnuPG: with the month known, and with 24 keys to try.
// npx tsx tests/bench/months.ts [1000] [50]
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair } from "../../src/desk/index.js";
import {
  createMonthlyKey,
  monthAfter,
  monthFileName,
  monthOf,
  startOfMonth,
  wrapMonth,
} from "../../src/desk/months/index.js";
import { makeSubmissions } from "../support/cases.js";
import { GnuPg } from "../support/gpg.js";
import { recipientOf } from "../support/keys.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LINE = "0123-4567-89ab-cdef-0123-4567-89ab-cdef";
const ROUNDS = 3;
const count = Number(process.argv[2] ?? 1_000);
const gpgCount = Number(process.argv[3] ?? 50);

const cwd = await mkdtemp(join(tmpdir(), "postern-bench-"));
const inside = (...path: readonly string[]) => join(cwd, ...path);
const passphrase = "x";
let outs = 0;

/** Seconds of `postern open` on a folder. */
function open(inbox: string, ...keys: readonly string[]): number {
  outs += 1;
  const words = ["open", inbox, ...keys, "--passphrase-file", "passphrase", "--out", `out-${outs}`];
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - begun) / 1000;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

try {
  await writeFile(inside("passphrase"), `${passphrase}\n`);
  await writeFile(inside("key-file"), `${LINE}\n`);
  await Promise.all(["one", "known", "unknown", "months"].map((name) => mkdir(inside(name))));
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase, lifetime: 1e6 });
  await writeFile(inside("key.asc"), pair.secretKey);
  await makeSubmissions(inside("one"), count, await recipientOf(pair));
  const first = startOfMonth(monthAfter(monthOf(new Date()), -23));
  const monthly = await createMonthlyKey({ userId: { name: "x" }, passphrase, count: 24, now: first });
  for (const { month, secretKey } of monthly.months) {
    await writeFile(inside("months", monthFileName(monthly.fingerprint, month)), await wrapMonth(secretKey, LINE));
  }
  for (const folder of ["known", "unknown"]) {
    await makeSubmissions(inside(folder), count, await recipientOf(monthly));
  }
  // Without a day, all keys are tried, the one that fits last.
  for (const name of await readdir(inside("unknown"))) await utimes(inside("unknown", name), 0, 0);
  const months = ["--months", "months", "--key-file", "key-file"];
  const times: Record<string, number[]> = { "one key": [], "month known": [], "24 keys to try": [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times["one key"]?.push(open("one", "--key", "key.asc"));
    times["month known"]?.push(open("known", ...months));
    times["24 keys to try"]?.push(open("unknown", ...months));
  }
  const today = median(times["one key"] ?? []);
  for (const [name, seconds] of Object.entries(times)) {
    console.log(
      `${count} letters, ${name}: ${median(seconds).toFixed(1)} s, ${(median(seconds) / today).toFixed(2)} times`,
    );
  }
  const files = (await readdir(inside("known"))).slice(0, gpgCount);
  const ones = (await readdir(inside("one"))).slice(0, gpgCount);
  const use = ["--passphrase", passphrase];
  for (const [name, folder, names, secrets] of [
    ["one key", "one", ones, [pair.secretKey]],
    ["the month alone", "known", files, monthly.months.slice(-1).map(({ secretKey }) => secretKey)],
    ["24 keys", "known", files, monthly.months.map(({ secretKey }) => secretKey)],
  ] as const) {
    const gnupg = await GnuPg.create();
    for (const secret of secrets) await gnupg.gpg([...use, "--import"], Buffer.from(secret));
    const begun = performance.now();
    for (const each of names) {
      // After trying several keys, GnuPG ends with 2 even if the last one fitted.
      await gnupg.tryGpg([...use, "--decrypt"], await readFile(inside(folder, each)));
    }
    const milliseconds = (performance.now() - begun) / names.length;
    console.log(`gpg, ${name}: ${milliseconds.toFixed(0)} ms for a letter`);
    await gnupg.close();
  }
} finally {
  await rm(cwd, { recursive: true, force: true });
}
