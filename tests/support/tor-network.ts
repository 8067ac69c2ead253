import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { poll } from "./browsers.js";
import { removeFolder } from "./temporary.js";

const SCRIPT = fileURLToPath(new URL("../install/tor-network", import.meta.url));
const RELAYS = 12;
const START_MS = 120_000;

/** A Tor network on this machine's loopback, with one onion service and one client, each with a Tor of its own. */
export interface TorNetwork {
  /** Host name of the service. */
  readonly onion: string;
  /** HOST:PORT of the client's SOCKS proxy. */
  readonly socks: string;
  /** Cuts all that the client has connected, and returns how many circuits that were. */
  readonly closeCircuits: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** @param target HOST:PORT of what answers at port 80 of the service */
export async function torNetwork(target: string): Promise<TorNetwork> {
  const folder = await mkdtemp(join(tmpdir(), "postern-tor-"));
  const processes: ChildProcess[] = [];
  const close = async () => {
    for (const each of processes.reverse()) await end(each);
    await removeFolder(folder);
  };
  try {
    const network = join(folder, "network");
    processes.push(spawn(SCRIPT, [network], { stdio: "ignore" }));
    await poll("the consensus of all relays", () => ifComplete(join(network, "1/my-consensus-ns")), START_MS);
    const common = await readFile(join(network, "network"), "utf8");
    const start = async (name: string, lines: readonly string[]): Promise<string> => {
      const place = join(folder, name);
      await mkdir(place, { mode: 0o700 });
      const owned = [`DataDirectory ${place}`, `__OwningControllerProcess ${process.pid}`, ...lines];
      await writeFile(join(place, "torrc"), `${common}${owned.join("\n")}\n`);
      const words = ["--quiet", "--defaults-torrc", "/dev/null", "-f", join(place, "torrc")];
      processes.push(spawn("tor", words, { stdio: "ignore" }));
      return place;
    };
    const service = await start("service", [
      "SocksPort 0",
      `HiddenServiceDir ${join(folder, "service", "onion")}`,
      `HiddenServicePort 80 ${target}`,
    ]);
    const client = await start("client", ["SocksPort auto", `ControlPort unix:${join(folder, "client", "control")}`]);
    const control = (command: string) => ask(join(client, "control"), command);
    const hostname = () => readFile(join(service, "onion", "hostname"), "utf8");
    const listeners = await poll("the client", () => control("GETINFO net/listeners/socks"), START_MS);
    return {
      onion: (await poll("the onion service", hostname, START_MS)).trim(),
      socks: /"([\d.]+:\d+)"/.exec(listeners)?.[1] ?? "",
      closeCircuits: async () => {
        const circuits = (await control("GETINFO circuit-status")).matchAll(/^(?:250-circuit-status=)?(\d+) BUILT/gm);
        const ids = Array.from(circuits, ([, id]) => id);
        for (const id of ids) await control(`CLOSECIRCUIT ${id}`);
        return ids.length;
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function ifComplete(path: string): Promise<true | null> {
  const consensus = await readFile(path, "utf8");
  return (consensus.match(/^r /gm) ?? []).length === RELAYS ? true : null;
}

/** What Tor's control port answers to one command (control-spec). */
async function ask(path: string, command: string): Promise<string> {
  const socket = connect(path);
  let said = "";
  socket.setEncoding("latin1").on("data", (text) => {
    said += text;
  });
  socket.write(`AUTHENTICATE\r\n${command}\r\nQUIT\r\n`);
  await once(socket, "close");
  return said;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
