// An upload through a relay beside the direct one, in turn; a relay's memory with 200 uploads at once; its start.
// npx tsx tests/bench/relay.ts [MiB, default 64]
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyPair } from "../../src/desk/index.js";
import { servePortal, serveRelay } from "../support/command.js";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import { median, spread } from "./measure.js";
import { costOf } from "./process-run.js";

const MIB = 1024 * 1024;
const PIECE_BYTES = 8 * MIB;
const ROUNDS = 5;
const CROWD = 200;
const TUS = { "Tus-Resumable": "1.0.0" };
const size = Number(process.argv[2] ?? 64);

const folder = await mkdtemp(join(tmpdir(), "postern-relay-"));
const pair = await createKeyPair({ profile: "gnupg", userId: { name: "bench" }, passphrase: "", lifetime: 1e8 });
await mkdir(join(folder, "keys"));
await writeFile(join(folder, "keys/a.asc"), pair.certificate);
const portal = await servePortal({ cwd: folder });
const begun = performance.now();
const relay = await serveRelay(["--to", portal.url], { cwd: folder });
const startedMs = performance.now() - begun;
try {
  const recipient = await recipientOf(pair);
  const message = await submissionMessage(recipient, size * MIB);
  const direct: number[] = [];
  const through: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    direct.push(await upload(portal.url, message));
    through.push(await upload(relay.url, message));
  }
  const idle = peakMiB();
  const short = await submissionMessage(recipient, 2 * MIB);
  await Promise.all(Array.from({ length: CROWD }, () => upload(relay.url, short)));
  const rate = (all: readonly number[]) => ((size * 1000) / median(all)).toFixed(0);
  console.log(`started in ${(startedMs / 1000).toFixed(2)} s`);
  console.log(
    `${size} MiB: direct ${rate(direct)} MiB/s, through the relay ${rate(through)} MiB/s, spread ${spread(direct).toFixed(2)}`,
  );
  console.log(`ratio ${(median(direct) / median(through)).toFixed(2)}`);
  console.log(`peak memory: ${idle} MiB after one at a time, ${peakMiB()} MiB after ${CROWD} at once`);
} finally {
  await relay.kill("SIGTERM");
  await portal.kill("SIGTERM");
  await rm(folder, { recursive: true, force: true });
}

/** Milliseconds until it is stored. */
async function upload(url: string, message: Uint8Array): Promise<number> {
  const since = performance.now();
  const created = await fetch(new URL("/uploads", url), {
    method: "POST",
    headers: { ...TUS, "Upload-Length": String(message.length) },
  });
  const place = new URL(created.headers.get("location") ?? "", url);
  for (let offset = 0; offset < message.length; offset += PIECE_BYTES) {
    const { status } = await fetch(place, {
      method: "PATCH",
      headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
      body: new Uint8Array(message.subarray(offset, offset + PIECE_BYTES)),
    });
    if (status !== 204) throw new Error(`a piece was answered with ${status}`);
  }
  return performance.now() - since;
}

function peakMiB(): string {
  return (costOf(relay.process.pid ?? 0)?.peak ?? Number.NaN).toFixed(0);
}
