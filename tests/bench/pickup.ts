// How fast staff see what is there, and what it costs in memory. npx tsx tests/bench/pickup.ts
import { execFile } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Ledger, Staff, StaffFolder } from "../../src/pickup/index.js";
import { openFileStore } from "../../src/store/index.js";
import { servePortal } from "../support/command.js";
import { codeOf, PASSPHRASE } from "../support/pickup.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const COUNT = 10_000;
const LARGE = 2 * 1024 ** 3;
const ROUNDS = 7;
const run = promisify(execFile);

const cwd = await mkdtemp(join(tmpdir(), "postern-bench-"));
try {
  await writeFile(join(cwd, "passphrase"), `${PASSPHRASE}\n`);
  const env = { PATH: process.env.PATH ?? "" };
  await run(process.execPath, [MAIN, "keys", "new", "--name", "x", "--passphrase-file", "passphrase"], { cwd, env });
  await openFileStore(join(cwd, "data"));
  const submissions = join(cwd, "data/submissions");
  const ids = Array.from({ length: COUNT }, (_unused, index) => (index + 1).toString(16).padStart(32, "0"));
  for (const id of ids) await writeFile(join(submissions, `${id}.tar.gpg`), "x");
  const folder = await StaffFolder.open(join(cwd, "staff"));
  await new Ledger(folder).add(
    ids
      .slice(0, COUNT / 2)
      .map((id) => ({ kind: "collected", id, sha256: "ab".repeat(32), by: "olha", day: "2026-11-01" })),
  );
  const staff = new Staff(folder);
  await staff.add("olha", "courier", PASSPHRASE);

  const list = await median(() => run(process.execPath, [MAIN, "list"], { cwd, env, maxBuffer: 1e9 }));
  console.log(`postern list, ${COUNT} submissions: ${list.toFixed(0)} ms`);

  const portal = await servePortal({ cwd, env: { POSTERN_PICKUP_LISTEN: "127.0.0.1:0" } });
  while (portal.output.stdout.split("\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 50));
  const pickup = portal.output.stdout.split("\n")[1]?.replace(/\/$/, "") ?? "";
  const body = new URLSearchParams({
    name: "olha",
    passphrase: PASSPHRASE,
    code: await codeOf(staff, "olha", new Date()),
  });
  const signedIn = await fetch(`${pickup}/en/sign-in`, {
    method: "POST",
    body,
    headers: { Origin: pickup },
    redirect: "manual",
  });
  const Cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const page = async () => (await fetch(`${pickup}/en/`, { headers: { Cookie } })).text();
  const first = performance.now();
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page())?.[1] ?? "";
  console.log(`list page, ${COUNT} submissions, first: ${(performance.now() - first).toFixed(0)} ms`);
  console.log(`list page, ${COUNT} submissions: ${(await median(page)).toFixed(0)} ms`);

  const large = await open(join(submissions, `${"f".repeat(32)}.tar.gpg`), "w", 0o600);
  await large.truncate(LARGE);
  await large.close();
  const memory = await peak(portal.process.pid ?? 0);
  const begun = performance.now();
  const response = await fetch(`${pickup}/en/collect`, {
    method: "POST",
    body: new URLSearchParams({ csrf, all: "new" }),
    headers: { Cookie, Origin: pickup },
  });
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += chunk.length;
  const seconds = (performance.now() - begun) / 1000;
  console.log(`all new as one tar, ${(bytes / 1024 ** 2).toFixed(0)} MiB: ${seconds.toFixed(1)} s`);
  console.log(`memory: ${memory} MiB before, ${await peak(portal.process.pid ?? 0)} MiB at most`);
  await portal.kill("SIGTERM");
} finally {
  await rm(cwd, { recursive: true, force: true });
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return times.sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** MiB, the most so far. */
async function peak(pid: number): Promise<number> {
  const { stdout } = await run("grep", ["VmHWM", `/proc/${pid}/status`]);
  return Math.round(Number(/\d+/.exec(stdout)?.[0]) / 1024);
}
