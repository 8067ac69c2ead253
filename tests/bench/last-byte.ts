import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { BOUNDARY, part } from "../support/raw-request.js";
import type { Bench } from "./bench-context.js";
import { RAW, rawCipher } from "./encryption.js";
import { interleave, type Run, rowsOf, type Way } from "./measure.js";
import { diskAtRest } from "./process-run.js";
import { emptied, type Running, startPortal } from "./running.js";

const MIB = 1024 * 1024;
const BLOCK = Buffer.alloc(MIB, 0x5a);
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
    const seconds = await waitForReceipt(new URL("ru/submit", portal.url), mebibytes);
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

/** Seconds from the last byte handed to the system to the whole receipt. */
async function waitForReceipt(url: URL, mebibytes: number): Promise<number> {
  const head = part('name="documents"; filename="a.bin"', "", "application/octet-stream").subarray(0, -2);
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  const post = request(url, {
    method: "POST",
    headers: {
      "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`,
      "Content-Length": head.length + mebibytes * MIB + tail.length,
    },
  });
  const answered = once(post, "response");
  post.write(head);
  for (let sent = 0; sent < mebibytes; sent += 1) {
    await new Promise<void>((resolve, reject) =>
      post.write(BLOCK, (cause) => (cause instanceof Error ? reject(cause) : resolve())),
    );
  }
  const begun = performance.now();
  post.end(tail);
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  if (response.statusCode !== 200) throw new Error(`${url.pathname} answered ${response.statusCode}`);
  return (performance.now() - begun) / 1000;
}
