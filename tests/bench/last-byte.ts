import { join } from "node:path";
import type { Bench } from "./bench-context.js";
import { RAW, rawCipher } from "./encryption.js";
import { interleave, type Run, rowsOf, type Way } from "./measure.js";
import { diskAtRest } from "./process-run.js";
import { emptied, type Running, startPortal } from "./running.js";
import { timedForm } from "./senders.js";

/** Of what a cipher alone does: so the wait for a receipt is at most 1.3 times its time. */
const AT_LEAST = 0.77;
const POSTERN = "Postern, from the last byte to the receipt";

type Profile = keyof typeof RAW;

/** How long a person without JavaScript waits for the receipt once everything has been sent, by size and profile. */
export async function measureLastByte(bench: Bench): Promise<void> {
  const { mebibytes, rounds } = bench.sizes.lastByte;
  for (const profile of ["gnupg", "rfc9580"] as const) {
    const portal = await startPortal(bench.folder, profile);
    try {
      for (const size of mebibytes) await measureSize(bench, portal, profile, size, rounds);
    } finally {
      await portal.stop();
    }
  }
}

async function measureSize(bench: Bench, portal: Running, profile: Profile, mebibytes: number, rounds: number) {
  const baseline = RAW[profile];
  const letter = async (): Promise<Run> => {
    await emptied(join(portal.folder, "data/submissions"));
    await diskAtRest();
    const before = portal.cost().cpu;
    const { afterLastByte: seconds } = await timedForm(new URL("ru/submit", portal.url), mebibytes);
    const { cpu, peak } = portal.cost();
    return { seconds, cpu: cpu - before, peak };
  };
  const ways: Way[] = [
    { name: baseline, run: await rawCipher(bench.folder, profile, mebibytes) },
    { name: POSTERN, run: letter },
  ];
  for (const { run } of ways) await run();
  bench.add({
    title: `Wait for the receipt of ${mebibytes} MiB without JavaScript, ${profile}`,
    unit: "MiB/s",
    baseline,
    rows: rowsOf(await interleave(ways, rounds), mebibytes, baseline),
    targets: [{ row: POSTERN, baseline, atLeast: AT_LEAST }],
    note: `One document over loopback, ${rounds} rounds. From its last byte on, Postern reads it back from the encrypted spool, archives, encrypts, writes and syncs it; the cipher alone reads a file in the page cache and writes nothing. Postern's CPU is that of the whole letter.`,
  });
}
