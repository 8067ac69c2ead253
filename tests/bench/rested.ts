import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as timeout } from "node:timers/promises";
import type { Bench } from "./bench-context.js";
import { crowd } from "./letters.js";
import { percentile, type Run, rowsOf } from "./measure.js";
import type { Running } from "./running.js";
import { sendLetterForm } from "./senders.js";
import { syncedFiles } from "./synced-files.js";

const LETTER_BYTES = 20 * 1024;
const AT_ONCE = 32;
const FSYNC = "fsync of 20 KiB, one after the other";
const RESTED = "Postern, the server's form, 32 at once, after a rest";
const ALONE = "Postern, the server's form, one letter alone, after a rest";
const EMPTY = "Postern, the server's form, 4 at once, with no codes left";
/** For each letter: the disk's own moods average out. */
const SYNCED_FILES = 10;
const LOOK_MS = 2_000;
const MAX_REST_MS = 600_000;

/** Short letters without JavaScript, to a portal that had the time to make receipt codes, and to one that had not. */
export async function measureRested(bench: Bench): Promise<void> {
  const { letters, rounds, rests } = bench.sizes.rested;
  const portal = await bench.rested();
  const url = new URL("ru/submit", portal.url);
  const send = () => sendLetterForm(url, LETTER_BYTES);
  if (rests) await untilAtRest(portal);
  const path = join(bench.folder, "synced-rested");
  const synced = syncedFiles(FSYNC, path, LETTER_BYTES, letters * SYNCED_FILES);
  const runs = new Map<string, Run[]>([FSYNC, RESTED, ALONE].map((name) => [name, []]));
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    runs.get(FSYNC)?.push({ seconds: (await synced.run()).seconds / SYNCED_FILES });
    runs.get(RESTED)?.push(await crowd(letters, AT_ONCE, times, send));
    // As many as in the other rows, at the speed of one.
    runs.get(ALONE)?.push({ seconds: letters * (await crowd(1, 1, [], send)).seconds });
  }
  runs.set(EMPTY, [await crowd(letters, 4, [], send)]);
  await rm(path, { force: true });
  const at = (share: number) => (percentile(times, share) * 1000).toFixed(0);
  bench.add({
    title: "Letters of 20 KiB without JavaScript",
    unit: "a second",
    baseline: FSYNC,
    rows: rowsOf(runs, letters, FSYNC),
    targets: [],
    note: `${letters} letters a round, ${rounds} rounds; clients on the same cores. Each is padded to 64 KiB, encrypted and synced before its receipt: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms at 32 at once. A portal makes up to 512 receipt codes ahead while it has no letters; with none left, each letter waits for 600,000 rounds of PBKDF2. 100 a second and a p99 of 1,000 ms are wanted after a rest, and 50 ms for a letter alone.`,
  });
}

/** Resolves once a portal has done nothing for a while: its codes are made. */
export async function untilAtRest({ cost }: Pick<Running, "cost">): Promise<void> {
  const begun = performance.now();
  for (let before = Number.NEGATIVE_INFINITY; performance.now() - begun < MAX_REST_MS; ) {
    const { cpu } = cost();
    if (cpu - before < 0.05) return;
    before = cpu;
    await timeout(LOOK_MS);
  }
  throw new Error(`the portal did not come to rest in ${MAX_REST_MS / 1000} s`);
}
