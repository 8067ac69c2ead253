import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { requireTools, type Tool } from "./tools.js";

const run = promisify(execFile);
const TOOLS: readonly Tool[] = ["ceph", "ceph-mon", "ceph-osd", "ceph-mgr", "radosgw", "radosgw-admin", "monmaptool"];
/** Bytes that all tests together may store, in memory. */
const MEMORY = 4 * 1024 ** 3;
const KEY_ID = "postern-tests";
const KEY = "not-a-secret-at-all";
const PATIENCE = 90_000;

/** An object store that speaks S3, as the AWS tools' environment says it. */
export interface ObjectStore {
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Whether to run what needs an object store; see {@link requireTools}. */
export function hasCeph(what: string): boolean {
  return requireTools(what, ...TOOLS);
}

/**
 * Starts a Ceph object gateway on loopback, everything in memory: one monitor, one OSD, one manager, one gateway, on
 * free ports. Its processes' ids go to `folder`/pids as they start, so that a later run can stop them.
 */
export async function startCeph(folder: string): Promise<ObjectStore> {
  const [v2, v1, web] = await freePorts(3);
  const inside = (...names: readonly string[]) => join(folder, ...names);
  for (const name of ["run", "mon", "osd", "mgr", "rgw"]) await mkdir(inside(name), { recursive: true });
  const monitors = `[v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]`;
  await writeFile(inside("ceph.conf"), configuration(folder, monitors, Number(web)));
  const env = { PATH: process.env.PATH ?? "", CEPH_CONF: inside("ceph.conf") };
  const tool = (name: string, ...words: readonly string[]) => run(name, words, { env, timeout: PATIENCE });
  const start = async (name: string, ...words: readonly string[]) => {
    const log = await open(inside("run", `${name}.out`), "w");
    const child = spawn(name, [...words, "--no-mon-config", "-f"], {
      env,
      // Not a child of the first test that needs it: it serves those after as well.
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await log.close();
    child.unref();
    await writeFile(inside("pids"), `${child.pid}\n`, { flag: "a" });
    return child;
  };
  await tool("monmaptool", "--create", "--clobber", "--addv", "a", monitors, "--fsid", FSID, inside("monmap"));
  await tool("ceph-mon", "--mkfs", "-i", "a", "--monmap", inside("monmap"), "--no-mon-config");
  await start("ceph-mon", "-i", "a");
  const disk = randomUUID();
  await tool("ceph", "--no-mon-config", "--connect-timeout", "60", "osd", "new", disk, "0");
  await tool("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", disk, "--no-mon-config");
  await start("ceph-osd", "-i", "0");
  await start("ceph-mgr", "-i", "x");
  const gateway = await start("radosgw", "-n", "client.rgw");
  const endpoint = `http://127.0.0.1:${web}`;
  await answering(endpoint, gateway);
  const user = ["user", "create", "--uid=tests", "--display-name=tests"];
  await tool(
    "radosgw-admin",
    "--no-mon-config",
    "-n",
    "client.rgw",
    ...user,
    `--access-key=${KEY_ID}`,
    `--secret-key=${KEY}`,
  );
  return { endpoint, env: { AWS_ACCESS_KEY_ID: KEY_ID, AWS_SECRET_ACCESS_KEY: KEY } };
}

/** Stops what {@link startCeph} has started in `folder`, and removes all of it. */
export async function stopCeph(folder: string): Promise<void> {
  const pids = (await readFile(join(folder, "pids"), "utf8").catch(() => "")).split("\n").filter(Boolean).map(Number);
  for (const pid of pids) {
    try {
      // Nothing of it is to be kept.
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

const FSID = randomUUID();

function configuration(folder: string, monitors: string, port: number): string {
  return `[global]
fsid = ${FSID}
mon host = ${monitors}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms client mode = crc
ms service mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
osd objectstore = memstore
memstore device bytes = ${MEMORY}
run dir = ${folder}/run
admin socket = ${folder}/run/$name.$pid.asok
pid file = ${folder}/run/$name.pid
log file = ${folder}/run/$name.log
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
[mgr.x]
mgr data = ${folder}/mgr
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw data = ${folder}/rgw
`;
}

async function answering(endpoint: string, gateway: ChildProcess): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 200) {
    if (gateway.exitCode !== null) throw new Error(`radosgw has ended with ${gateway.exitCode}`);
    if (
      await fetch(endpoint).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the object gateway does not answer");
}

/** Ports that nothing listened on a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
