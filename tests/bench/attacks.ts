// A portal under attack: its peak memory, its event-loop delay, and how another visitor fares. One fresh portal for
// each attack, once with visitors that a PROXY line tells apart and once with visitors that nobody can.
// npx tsx tests/bench/attacks.ts [seconds] [connections] [name]
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startAttacker } from "../support/attacker.js";
import { ATTACKS, proxyLine, type Told } from "../support/attacks.js";
import { postern, servePortal } from "../support/command.js";
import { BOUNDARY, multipart, part } from "../support/raw-request.js";

const WATCH = fileURLToPath(new URL("../support/event-loop-delay.cjs", import.meta.url));
const RECOVERY_MS = 10_000;
const PATIENCE_MS = 30_000;

interface Figures {
  readonly peakMib: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Visit {
  readonly pageMs: number;
  readonly letterMs: number;
  readonly status: string;
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 10);
  const connections = Number(process.argv[3] ?? 1_000);
  const folder = await mkdtemp(join(tmpdir(), "postern-attacks-"));
  await writeFile(join(folder, "passphrase"), "correct horse battery\n");
  await postern(["keys", "new", "--name", "Staff", "--passphrase-file", "passphrase"], { cwd: folder });
  const columns = ["attack", "told apart", "visits", "worst page ms", "worst letter ms", "refused"];
  console.log([...columns, "peak MiB", "p99 ms", "max ms", "recovered"].join(" | "));
  for (const name of Object.keys(ATTACKS)) {
    if (process.argv[4] !== undefined && process.argv[4] !== name) continue;
    for (const told of ["proxy_protocol", "forwarded"] as const) {
      console.log((await measure(folder, name, told, seconds, connections)).join(" | "));
    }
  }
  await rm(folder, { recursive: true, force: true });
}

async function measure(folder: string, name: string, told: Told, seconds: number, connections: number) {
  const apart = told === "proxy_protocol";
  const env = { NODE_OPTIONS: `--require=${WATCH}`, ...(apart ? { POSTERN_PROXY_PROTOCOL: "yes" } : {}) };
  const portal = await servePortal({ cwd: folder, env });
  await visit(portal.url, "192.0.2.1", told);
  const attacker = await startAttacker({ name, url: portal.url, who: "203.0.113.7", connections, told });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const visits: Visit[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) visits.push(await visit(portal.url, `198.51.${visits.length % 250}.9`, told));
  await attacker.stop();
  const stopped = performance.now();
  let recovered = "no";
  while (recovered === "no" && performance.now() - stopped < RECOVERY_MS) {
    const { status } = await visit(portal.url, "192.0.2.9", told);
    if (status === "200/200") recovered = `${((performance.now() - stopped) / 1000).toFixed(1)} s`;
  }
  portal.process.kill("SIGUSR2");
  while (!portal.output.stderr.includes("figures")) await new Promise((resolve) => setTimeout(resolve, 50));
  const { peakMib, p99Ms, maxMs } = JSON.parse(/figures (.*)/.exec(portal.output.stderr)?.[1] ?? "{}") as Figures;
  await portal.kill("SIGTERM");
  const refused = visits.filter(({ status }) => status !== "200/200").map(({ status }) => status);
  const worst = (times: readonly number[]) => Math.round(Math.max(...times));
  return [
    name,
    apart ? "yes" : "no",
    visits.length,
    worst(visits.map(({ pageMs }) => pageMs)),
    worst(visits.map(({ letterMs }) => letterMs)),
    refused.length === 0 ? "none" : `${refused.length} (${[...new Set(refused)].join(", ")})`,
    ...[peakMib, p99Ms, maxMs, recovered],
  ];
}

/** An honest visitor reads the form's page and sends a letter. */
async function visit(url: string, who: string, told: Told): Promise<Visit> {
  const body = multipart(part('name="message"', "a letter"));
  const begun = performance.now();
  const page = await ask(url, "GET", "/ru/", who, told);
  const read = performance.now();
  const letter = await ask(url, "POST", "/ru/submit", who, told, body);
  return { pageMs: read - begun, letterMs: performance.now() - read, status: `${page}/${letter}` };
}

function ask(url: string, method: string, path: string, who: string, told: Told, body?: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const agent = new Agent();
  agent.createConnection = () => {
    const socket = connect({ host: hostname, port: Number(port) });
    if (told === "proxy_protocol") socket.write(proxyLine(who));
    return socket;
  };
  const headers = {
    "X-Forwarded-For": who,
    ...(body === undefined
      ? {}
      : { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`, "Content-Length": body.length }),
  };
  return new Promise((resolve) => {
    const sent = request({ hostname, port, method, path, agent, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    sent.once("error", () => resolve("none"));
    sent.once("response", (answer: IncomingMessage) => {
      answer.resume().once("end", () => resolve(String(answer.statusCode)));
    });
    sent.end(body);
  });
}

await main();
