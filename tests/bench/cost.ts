// What one submission costs a portal: processor, memory, bytes and requests, over a folder and over a bucket.
// npx tsx tests/bench/cost.ts [submissions, 200 unless told]; writes docs/costs.json, which simulate.ts reads
import { pbkdf2Sync } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { upload } from "../../src/client/upload.js";
import { createKeyPair } from "../../src/desk/index.js";
import { makeBucketIn } from "../support/bucket.js";
import { startCeph, stopCeph } from "../support/ceph.js";
import { type RunningPortal, servePortal } from "../support/command.js";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import { formOf } from "../support/portal.js";
import { Random } from "../support/seed.js";
import { hasTool } from "../support/tools.js";
import { uploadOptions } from "../support/upload-options.js";
import { countingRelay } from "./counting-relay.js";

const COUNT = Number(process.argv[2] ?? 200);
/** Submitters at one time: enough to keep the portal at work, too few to make it wait. */
const AT_ONCE = 4;
/** A letter of some 20 KiB, and a photograph of a paper. */
const LETTER = "Здравствуйте! ".repeat(800);
const DOCUMENT = 200 * 1024;
/** Clock ticks a second in /proc (sysconf(_SC_CLK_TCK)); 100 on every Linux in use. */
const TICKS = 100;
const OUT = fileURLToPath(new URL("../../docs/costs.json", import.meta.url));

/** What one submission takes, on the average. */
interface Cost {
  /** Seconds of one core. */
  readonly cpu: number;
  /** Bytes that are stored in the end. */
  readonly stored: number;
  /** Requests to the object store, by kind. */
  readonly requests: Readonly<Record<string, number>>;
  /** MiB of memory that the process has had at its largest. */
  readonly peak: number;
}

const folder = await mkdtemp(join(tmpdir(), "postern-cost-"));
const pair = await createKeyPair({ profile: "gnupg", userId: { name: "bench" }, passphrase: "", lifetime: 1e8 });
const recipient = await recipientOf(pair);
await mkdir(join(folder, "keys"));
await writeFile(join(folder, "keys/a.asc"), pair.certificate);
const document = new File([new Random("cost").bytes(DOCUMENT)], "приговор.pdf", { type: "application/pdf" });
const message = await submissionMessage(recipient, DOCUMENT + LETTER.length * 2);
const costs: Record<string, Cost> = {};

const byBrowser = (url: string) => upload(new Blob([new Uint8Array(message)]).stream(), uploadOptions(url));

const byForm = async (url: string) => {
  const answer = await fetch(`${url}/ru/submit`, { method: "POST", body: formOf({ message: LETTER }, [document]) });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`the portal answered ${answer.status}`);
};

async function measure(
  portal: RunningPortal,
  count: number,
  submit: (url: string) => Promise<void>,
  requests: ReadonlyMap<string, number> = new Map(),
): Promise<Cost> {
  await submit(portal.url);
  const before = await secondsOf(portal.process.pid ?? 0);
  const asked = new Map(requests);
  let left = count;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await submit(portal.url);
      }
    }),
  );
  const each = (kind: string) => ((requests.get(kind) ?? 0) - (asked.get(kind) ?? 0)) / count;
  return {
    cpu: Number((((await secondsOf(portal.process.pid ?? 0)) - before) / count).toFixed(4)),
    stored: message.length,
    requests: Object.fromEntries([...requests.keys()].sort().map((kind) => [kind, Number(each(kind).toFixed(2))])),
    peak: await peakOf(portal.process.pid ?? 0),
  };
}

/** Seconds that a process has computed for, all its threads together. */
async function secondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Seconds of one core that deriving from a receipt code takes: PBKDF2 as core/receipt-code.ts does it. */
function secondsOfCode(): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    pbkdf2Sync("1234567890123456789", "postern receipt 1", 600_000, 64, "sha512");
    return (performance.now() - begun) / 1000;
  });
  return Number((times.sort((left, right) => left - right)[2] ?? 0).toFixed(4));
}

async function peakOf(pid: number): Promise<number> {
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
}

async function both(
  store: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  asked?: ReadonlyMap<string, number>,
) {
  for (const [way, submit, count] of [
    ["browser", byBrowser, COUNT],
    ["form", byForm, Math.ceil(COUNT / 5)],
  ] as const) {
    await mkdir(cwd, { recursive: true });
    const portal = await servePortal({ cwd, env: { POSTERN_KEYS: join(folder, "keys"), ...env } });
    const cost = await measure(portal, count, submit, asked);
    await portal.kill("SIGTERM");
    costs[`${store} ${way}`] = cost;
    const sum = Object.values(cost.requests).reduce((all, one) => all + one, 0);
    console.log(
      `${`${store}, by ${way}`.padEnd(18)} ${(cost.cpu * 1000).toFixed(1).padStart(7)} ms of a core, ` +
        `${(cost.stored / 1024).toFixed(0)} KiB stored, ${sum.toFixed(1)} requests to the object store, peak ${cost.peak} MiB`,
    );
  }
}

try {
  await both("folder", join(folder, "files"), {});
  if (!hasTool("radosgw")) console.log("skipped: a bucket: radosgw is not installed");
  else {
    const ceph = join(folder, "ceph");
    await mkdir(ceph);
    const relay = await startCeph(ceph).then(async (store) => ({ store, line: await countingRelay(store.endpoint) }));
    try {
      const { env } = await makeBucketIn({ ...relay.store, endpoint: relay.line.url });
      await both("bucket", join(folder, "objects"), env, relay.line.counts);
    } finally {
      await relay.line.close();
      await stopCeph(ceph);
    }
  }
  const receiptCode = secondsOfCode();
  console.log(`of that, by form: ${(receiptCode * 1000).toFixed(0)} ms for the receipt code, beside the main thread`);
  const machine = { processor: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.version };
  const found = { machine, letter: LETTER.length * 2, document: DOCUMENT, receiptCode, costs };
  await writeFile(OUT, `${JSON.stringify(found, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
