// Peak memory of the server while it takes one submission over the no-JavaScript path.
// npx tsx tests/bench/memory.ts [MiB, 2040 unless told]
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPortal } from "./running.js";
import { sendForm } from "./senders.js";

const MIB = 1024 * 1024;
const mebibytes = Number(process.argv[2] ?? 2040);

const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
const portal = await startPortal(folder);
try {
  const idle = portal.cost().peak;
  const seconds = await sendForm(new URL("ru/submit", portal.url), mebibytes);
  const stored = join(portal.folder, "data/submissions");
  const [name = ""] = await readdir(stored);
  const { size } = await stat(join(stored, name));
  console.log(`submission       ${mebibytes} MiB`);
  console.log(`ciphertext       ${(size / MIB).toFixed(0)} MiB`);
  console.log(`peak RSS idle    ${idle.toFixed(0)} MiB`);
  console.log(`peak RSS         ${portal.cost().peak.toFixed(0)} MiB`);
  console.log(`time to receipt  ${seconds.toFixed(1)} s (${(mebibytes / seconds).toFixed(0)} MiB/s)`);
} finally {
  await portal.stop();
  await rm(folder, { recursive: true, force: true });
}
