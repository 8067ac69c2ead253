import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** A network namespace without a name, which the kernel removes as soon as no process is in it. */
export interface Namespace {
  /** Process id of what keeps it. */
  readonly pid: number;
  /** Runs a command in it to its end and returns what it prints. */
  readonly run: (command: string, ...words: readonly string[]) => string;
  /** Starts a command in it that ends with this process, however this process ends. */
  readonly start: (command: string, ...words: readonly string[]) => ChildProcess;
  /** What `run` puts in front of a command. */
  readonly enter: readonly string[];
  /** Ends what was started in it, and so the namespace itself. */
  readonly close: () => Promise<void>;
}

/** Ends its command at the end of its standard input, which a pipe has when the process at its other end is gone. */
const WHILE_PIPED = '"$@" & cat >/dev/null; kill -9 $!; wait';

/** Its addresses settle seconds after a link is up, and a browser that is loading then says that its network changed. */
const WITHOUT_IPV6 = "for each in all default; do echo 1 >/proc/sys/net/ipv6/conf/$each/disable_ipv6; done";

/** Makes a namespace of networks, and of mounts, so that it can have hosts of its own. Needs root and util-linux. */
export async function openNamespace(): Promise<Namespace> {
  const holder = spawn("unshare", ["--net", "--mount", "cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const { pid } = holder;
  // Once it echoes, it is in its namespace.
  holder.stdin.write("\n");
  await Promise.race([
    once(holder.stdout, "data"),
    once(holder, "exit").then(() => Promise.reject(new Error("no namespace can be made"))),
  ]);
  const started: ChildProcess[] = [];
  const enter = ["nsenter", `--net=/proc/${pid}/ns/net`, `--mount=/proc/${pid}/ns/mnt`, "--"];
  const [nsenter = "", ...entering] = enter;
  const run = (command: string, ...words: readonly string[]) =>
    execFileSync(nsenter, [...entering, command, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  run("sh", "-c", `[ ! -e /proc/sys/net/ipv6 ] || { ${WITHOUT_IPV6}; }`);
  run("ip", "link", "set", "lo", "up");
  return {
    pid: pid ?? 0,
    run,
    enter,
    start: (command, ...words) => {
      const child = spawn(nsenter, [...entering, "sh", "-c", WHILE_PIPED, "sh", command, ...words], {
        stdio: ["pipe", "pipe", "ignore"],
        // A signal to the whole group would end what has to end it.
        detached: true,
      });
      started.push(child);
      return child;
    },
    close: async () => {
      for (const child of [...started.reverse(), holder]) await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.stdin?.end();
  await gone;
}

/**
 * Whether namespaces with a packet filter that counts can be made: tried, since root in a container often may not. What
 * needs them is skipped with a line, or fails where everything is required.
 */
export function canMakeNamespaces(what: string): boolean {
  try {
    execFileSync("unshare", ["--net", "nft", "add", "table", "inet", "wall"], { stdio: "ignore" });
    return true;
  } catch (cause) {
    const line = `${what}: making network namespaces needs root`;
    if (process.env.POSTERN_REQUIRE_ALL === "1") throw new Error(line, { cause });
    process.stderr.write(`skipped: ${line}\n`);
    return false;
  }
}
