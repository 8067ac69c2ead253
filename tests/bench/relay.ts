import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { join } from "node:path";
import { setTimeout as timeout } from "node:timers/promises";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import type { Bench } from "./bench-context.js";
import { interleave, type Run, rowsOf, type Way } from "./measure.js";
import { MAIN, makePlace, type Running, startServer } from "./running.js";
import { beginUpload, sendPiece, sendPieces } from "./senders.js";

const MIB = 1024 * 1024;
const CROWD_MIB = 2;
/** 400 Mbit/s. */
const LINE_MIB = 50;
const TRIES = 20;
const BUSY_PAUSE_MS = 500;
const DIRECT = "the direct way";
const THROUGH = "Postern, through a relay";

interface Sides {
  readonly portal: Running;
  readonly relay: Running;
  /** Seconds until the relay told its address. */
  readonly startSeconds: number;
}

/** Uploads through a relay beside the direct way: one at a time, and a crowd at once. */
export async function measureRelay(bench: Bench): Promise<void> {
  const { own: folder, pair } = await makePlace(bench.folder, "relay-");
  await writeFile(join(folder, "secret"), `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  const recipient = await recipientOf(pair);
  const { mebibytes } = bench.sizes.relay;
  const file = join(folder, "message");
  const large = await submissionMessage(recipient, mebibytes * MIB);
  await writeFile(file, large);
  await onBothSides(folder, (sides) => measureOne(bench, sides, { file, bytes: large.length }));
  const message = await submissionMessage(recipient, CROWD_MIB * MIB);
  await measureCrowd(bench, folder, message);
  await rm(folder, { recursive: true, force: true });
}

interface Large {
  readonly file: string;
  readonly bytes: number;
}

async function measureOne(bench: Bench, sides: Sides, { file, bytes }: Large): Promise<void> {
  const { mebibytes, rounds } = bench.sizes.relay;
  const way = (name: string, { url, cost }: Running, bytesPerSecond?: number): Way => ({
    name,
    run: async () => {
      const before = cost();
      const seconds = await sendPieces(new URL("uploads", url), file, bytes, bytesPerSecond);
      const { cpu, peak } = cost();
      return { seconds, cpu: cpu - before.cpu, peak };
    },
  });
  const lines = [
    { line: "", rate: undefined, told: "client, relay and portal on the same cores, which are all busy then" },
    { line: ` from a line of ${LINE_MIB} MiB/s`, rate: LINE_MIB * MIB, told: "the sender's line is the bound" },
  ];
  for (const { line, rate, told } of lines) {
    const ways = [way(DIRECT, sides.portal, rate), way(THROUGH, sides.relay, rate)];
    for (const { run } of ways) await run();
    bench.add({
      title: `An upload of ${mebibytes} MiB${line}`,
      unit: "MiB/s",
      baseline: DIRECT,
      rows: rowsOf(await interleave(ways, rounds), mebibytes, DIRECT),
      targets: [{ row: THROUGH, baseline: DIRECT, atLeast: 0.8 }],
      note: `Pieces of 8 MiB, each synced before it is acknowledged; ${told}. CPU and memory are the portal's in the first row, the relay's in the second. The relay started in ${sides.startSeconds.toFixed(2)} s.`,
    });
  }
}

/** A fresh relay for each round, so that its memory is that of a crowd. */
async function measureCrowd(bench: Bench, folder: string, message: Uint8Array): Promise<void> {
  const { rounds, crowd } = bench.sizes.relay;
  const runs = new Map<string, Run[]>([DIRECT, THROUGH].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    await onBothSides(folder, async ({ portal, relay }) => {
      runs.get(DIRECT)?.push(await sendCrowd(portal, portal, message, crowd));
      runs.get(THROUGH)?.push(await sendCrowd(portal, relay, message, crowd));
    });
  }
  bench.add({
    title: `${crowd} uploads of ${CROWD_MIB} MiB at once`,
    unit: "a second",
    baseline: DIRECT,
    rows: rowsOf(runs, crowd, DIRECT),
    targets: [],
    note: "From as many visitors, whose names the relay tells the portal under a secret that both have. Memory is the portal's in the first row, the relay's in the second, at its largest.",
  });
}

/** Each from a network of its own, as the proxy in front says; begun before, as a relay's visitors begin 2 a second. */
async function sendCrowd(portal: Running, side: Running, message: Uint8Array, crowd: number): Promise<Run> {
  const agent = new Agent({ keepAlive: true });
  const from = (nth: number) => ({ "X-Forwarded-For": `10.${nth}.1.1` });
  const places: URL[] = [];
  for (let nth = 0; nth < crowd; nth += 1) {
    places.push(await begun(new URL("uploads", portal.url), message.length, agent, from(nth)));
  }
  const before = side.cost();
  const since = performance.now();
  try {
    await Promise.all(
      places.map(({ pathname }, nth) => sendPiece(new URL(pathname, side.url), message, agent, from(nth))),
    );
    const seconds = (performance.now() - since) / 1000;
    const { cpu, peak } = side.cost();
    return { seconds, cpu: cpu - before.cpu, peak };
  } finally {
    agent.destroy();
  }
}

/** A portal on a busy machine sends people away for a moment. */
async function begun(...asked: Parameters<typeof beginUpload>): Promise<URL> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await beginUpload(...asked);
    } catch (cause) {
      if (tries >= TRIES) throw cause;
      await timeout(BUSY_PAUSE_MS);
    }
  }
}

async function onBothSides(folder: string, act: (sides: Sides) => Promise<void>): Promise<void> {
  const portal = await startServer(process.execPath, [MAIN, "serve"], folder, {
    POSTERN_LISTEN: "127.0.0.1:0",
    POSTERN_MIN_FREE: "0",
    POSTERN_KEEP_ALIVE: "yes",
    POSTERN_TRUST_PROXY: "yes",
    POSTERN_RELAY_SECRETS_FILE: "secret",
  });
  const since = performance.now();
  const words = ["--to", portal.url, "--listen", "127.0.0.1:0", "--clients", "forwarded", "--secret-file", "secret"];
  const relay = await startServer(process.execPath, ["--max-semi-space-size=1", MAIN, "relay", ...words], folder);
  try {
    await act({ portal, relay, startSeconds: (performance.now() - since) / 1000 });
  } finally {
    await relay.stop();
    await portal.stop();
  }
}
