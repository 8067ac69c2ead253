import { rm } from "node:fs/promises";
import { Agent } from "node:http";
import { join } from "node:path";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import type { Bench } from "./bench-context.js";
import { interleave, percentile, type Run, rowsOf, type Way } from "./measure.js";
import { startPortal } from "./running.js";
import { sendMessage } from "./senders.js";
import { syncedFiles } from "./synced-files.js";

const LETTER = 20 * 1024;
const AT_ONCE = 32;
const FSYNC = "fsync of 20 KiB, one after the other";
const TUS = "Postern, ciphertext by tus, 32 at once";
const CLOSING = "Postern, the same, each answer on a connection of its own";

/** Short letters, each durable before it is answered. */
export async function measureLetters(bench: Bench): Promise<void> {
  const { count, rounds } = bench.sizes.letters;
  const portal = await startPortal(bench.folder);
  const closing = await startPortal(bench.folder, "gnupg", [], "no");
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const sender = async ({ url, pair }: Awaited<ReturnType<typeof startPortal>>) => {
    const message = await submissionMessage(await recipientOf(pair), LETTER);
    return () => sendMessage(new URL("uploads", url), message, agent);
  };
  const send = await sender(portal);
  const sendToClosing = await sender(closing);
  const times: number[] = [];
  const path = join(bench.folder, "synced");
  const ways: Way[] = [
    syncedFiles(FSYNC, path, LETTER, count),
    {
      name: TUS,
      run: () => crowd(count, AT_ONCE, times, send),
    },
    {
      name: CLOSING,
      run: () => crowd(count, AT_ONCE, [], sendToClosing),
    },
  ];
  try {
    for (const { run } of ways.slice(1)) await run();
    times.length = 0;
    const rows = rowsOf(await interleave(ways, rounds), count, FSYNC);
    const at = (share: number) => (percentile(times, share) * 1000).toFixed(0);
    bench.add({
      title: "Letters of 20 KiB",
      unit: "a second",
      baseline: FSYNC,
      rows,
      targets: [{ row: TUS, baseline: FSYNC, atLeast: 0.5 }],
      note:
        `${count} letters a round, ${rounds} rounds; clients on the same cores. By tus a letter takes two requests and 66 KiB, since every archive is padded to ` +
        `64 KiB: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms.`,
    });
  } finally {
    agent.destroy();
    await Promise.all([portal.stop(), closing.stop()]);
    await rm(path, { force: true });
  }
}

/** Does `act` so many times, so many at once, and keeps how many seconds each took. */
export async function crowd(count: number, atOnce: number, times: number[], act: () => Promise<unknown>): Promise<Run> {
  const begun = performance.now();
  let left = count;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      await act();
      times.push((performance.now() - start) / 1000);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { seconds: (performance.now() - begun) / 1000 };
}
