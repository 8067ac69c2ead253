import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { freePort } from "./mail.js";
import { eventually } from "./portal.js";
import { removeFolder } from "./temporary.js";

const run = promisify(execFile);

/** A mail server of others, which queues what it is given and delivers it to ours. */
export interface Mta {
  /** `127.0.0.1:PORT`, where it takes mail. */
  readonly address: string;
  /** How many messages wait in its queue. */
  readonly queued: () => Promise<number>;
  /** Tries at once to deliver what waits. */
  readonly flush: () => Promise<unknown>;
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export type Delivery = { readonly port: number } | { readonly socket: string };

/** Services of Postfix that others than its own user may talk to, and how many processes some may have (master(5)). */
const PUBLIC = ["cleanup", "qmgr", "pickup", "flush", "showq", "postlogd"];
const PROCESSES: Readonly<Record<string, number>> = Object.fromEntries([
  ...["cleanup", "bounce", "flush"].map((program) => [program, 0]),
  ...["qmgr", "pickup", "tlsmgr", "anvil", "scache", "postlogd"].map((program) => [program, 1]),
]);

/** Servers of mail start as root, and then change to users of their own. */
export const MAY_START_SERVERS = process.getuid?.() === 0;

/** Postfix with a configuration and a queue of its own. */
export async function startPostfix(to: Delivery, protocol: "smtp" | "lmtp" = "smtp"): Promise<Mta> {
  const folder = await mkdtemp(join(tmpdir(), "postern-postfix-"));
  await chmod(folder, 0o755);
  const config = join(folder, "etc");
  const port = await freePort();
  await mkdir(config);
  for (const each of ["queue", "data"]) await mkdir(join(folder, each));
  const user = await userOf("postfix");
  await chown(join(folder, "data"), user.uid, user.gid);
  const target = "port" in to ? `inet:127.0.0.1:${to.port}` : `unix:${to.socket}`;
  await writeFile(
    join(config, "main.cf"),
    `${[
      "compatibility_level = 3.6",
      `queue_directory = ${folder}/queue`,
      `data_directory = ${folder}/data`,
      "maillog_file_prefixes = /tmp, /var",
      `maillog_file = ${folder}/log`,
      "myhostname = sender.test",
      "mydestination =",
      "alias_maps =",
      "alias_database =",
      "local_recipient_maps =",
      "inet_interfaces = 127.0.0.1",
      "inet_protocols = ipv4",
      "mynetworks = 127.0.0.0/8",
      "smtpd_relay_restrictions = permit_mynetworks, reject",
      "message_size_limit = 104857600",
      "mailbox_size_limit = 0",
      protocol === "smtp" && "port" in to
        ? `default_transport = smtp:[127.0.0.1]:${to.port}`
        : `default_transport = lmtp:${target}`,
      "smtp_tls_security_level = encrypt",
      "smtp_tls_loglevel = 1",
      "lmtp_tls_security_level = none",
      "smtp_connection_cache_on_demand = no",
      "minimal_backoff_time = 1s",
      "maximal_backoff_time = 1s",
      "queue_run_delay = 1s",
      "smtputf8_enable = yes",
    ].join("\n")}\n`,
  );
  const services = [
    [`127.0.0.1:${port}`, "inet", "smtpd"],
    ["cleanup", "unix", "cleanup"],
    ["qmgr", "unix", "qmgr"],
    ["pickup", "unix", "pickup"],
    ["rewrite", "unix", "trivial-rewrite"],
    ["bounce", "unix", "bounce"],
    ["defer", "unix", "bounce"],
    ["trace", "unix", "bounce"],
    ["flush", "unix", "flush"],
    ["proxymap", "unix", "proxymap"],
    ["smtp", "unix", "smtp"],
    ["lmtp", "unix", "lmtp"],
    ["retry", "unix", "error"],
    ["error", "unix", "error"],
    ["showq", "unix", "showq"],
    ["anvil", "unix", "anvil"],
    ["scache", "unix", "scache"],
    ["tlsmgr", "unix", "tlsmgr"],
    ["postlog", "unix-dgram", "postlogd"],
  ];
  const lines = services.map(([name = "", type = "", program = ""]) => {
    const hidden = type === "unix" && !PUBLIC.includes(program) ? "-" : "n";
    return `${name} ${type} ${hidden} - n - ${PROCESSES[program] ?? "-"} ${program}`;
  });
  await writeFile(join(config, "master.cf"), `${lines.join("\n")}\n`);
  const postfix = (...words: readonly string[]) => run("postfix", ["-c", config, ...words]);
  await postfix("start");
  await eventually(() => answers(port), "Postfix answers");
  return {
    address: `127.0.0.1:${port}`,
    queued: async () => {
      const { stdout } = await run("postqueue", ["-c", config, "-j"]);
      return stdout.split("\n").filter((line) => line !== "").length;
    },
    flush: () => run("postqueue", ["-c", config, "-f"]),
    log: () => readFile(join(folder, "log"), "utf8"),
    stop: async () => {
      await postfix("stop");
      await removeFolder(folder);
    },
  };
}

/** Exim with a configuration and a queue of its own. */
export async function startExim({ port: target }: { readonly port: number }): Promise<Mta> {
  const folder = await mkdtemp(join(tmpdir(), "postern-exim-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const user = await userOf("Debian-exim").catch(() => userOf("mail"));
  for (const each of ["spool", "log"]) {
    await mkdir(join(folder, each));
    await chown(join(folder, each), user.uid, user.gid);
  }
  const config = join(folder, "exim.conf");
  // Exim starts itself again for each delivery.
  const program = (await run("sh", ["-c", "command -v exim4"])).stdout.trim();
  await writeFile(
    config,
    `primary_hostname = sender.test
exim_path = ${program}
keep_environment =
exim_user = ${user.uid}
exim_group = ${user.gid}
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
pid_file_path = ${folder}/exim.pid
tls_advertise_hosts =
acl_smtp_rcpt = accept
message_size_limit = 100M
begin acl
accept:
  accept
begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = ours
begin transports
ours:
  driver = smtp
  port = ${target}
  allow_localhost
  hosts_require_tls = *
  tls_verify_certificates =
  message_linelength_limit = 100000
begin retry
* * F,1h,1s
`,
  );
  await chmod(config, 0o644);
  const daemon = spawn("exim4", ["-C", config, "-bdf", "-q1s"], { stdio: ["ignore", "ignore", "pipe"] });
  const said = text(daemon.stderr);
  await eventually(async () => daemon.exitCode !== null || (await answers(port)), "Exim answers");
  if (daemon.exitCode !== null) throw new Error(`Exim ended: ${await said}`);
  return {
    address: `127.0.0.1:${port}`,
    queued: async () => Number((await run("exim4", ["-C", config, "-bpc"])).stdout),
    flush: () => run("exim4", ["-C", config, "-qff"]),
    log: () => readFile(join(folder, "log", "mainlog"), "utf8"),
    stop: async () => {
      const closed = once(daemon, "close");
      daemon.kill("SIGTERM");
      await closed;
      await removeFolder(folder);
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => resolve(true)).once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
    socket.once("data", () => socket.end("QUIT\r\n"));
  });
}

async function userOf(name: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, name])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}
