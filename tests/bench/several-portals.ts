// How many submissions one, two and three portals over one bucket take on this machine, clients and Ceph beside them.
// npx tsx tests/bench/several-portals.ts [submissions, 150 unless told]
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { upload } from "../../src/client/upload.js";
import { createKeyPair } from "../../src/desk/index.js";
import { makeBucketIn } from "../support/bucket.js";
import { startCeph, stopCeph } from "../support/ceph.js";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import { Replicas } from "../support/replicas.js";
import { uploadOptions } from "../support/upload-options.js";

const COUNT = Number(process.argv[2] ?? 150);
const AT_ONCE = 12;
const ROUNDS = 3;

const folder = await mkdtemp(join(tmpdir(), "postern-several-"));
const pair = await createKeyPair({ profile: "gnupg", userId: { name: "bench" }, passphrase: "", lifetime: 1e8 });
await mkdir(join(folder, "keys"));
await writeFile(join(folder, "keys/a.asc"), pair.certificate);
const message = new Uint8Array(await submissionMessage(await recipientOf(pair), 220 * 1024));
const ceph = join(folder, "ceph");
await mkdir(ceph);

async function perSecond(url: string): Promise<number> {
  let left = COUNT;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await upload(new Blob([message]).stream(), uploadOptions(url));
      }
    }),
  );
  return (COUNT * 1000) / (performance.now() - begun);
}

try {
  const { env } = await makeBucketIn(await startCeph(ceph));
  const figures = new Map<number, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const count of [1, 2, 3]) {
      const replicas = new Replicas({ folder, count, env });
      await replicas.start();
      figures.set(count, [...(figures.get(count) ?? []), await perSecond(replicas.url)]);
      await replicas.stop();
    }
  }
  for (const [count, found] of figures) {
    const median = found.sort((left, right) => left - right)[Math.floor(found.length / 2)] ?? 0;
    console.log(`${count} ${count === 1 ? "portal " : "portals"} ${median.toFixed(1)} submissions a second`);
  }
} finally {
  await stopCeph(ceph);
  await rm(folder, { recursive: true, force: true });
}
