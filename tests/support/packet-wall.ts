import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Namespace, openNamespace } from "./namespace.js";

export interface WallOptions {
  /** Packets of one connection, both directions counted, after which nothing of it passes any more. */
  readonly packets: number;
  /** So many connections at one time make it swallow all new ones for {@link ANGRY_SECONDS}; without it, none does. */
  readonly atOnce?: number;
  /** Folder for what belongs to it, such as the hosts that its people know. */
  readonly folder: string;
}

/** What a wall has done since the last reset. */
export interface WallCounts {
  /** Connections that have gone silent. */
  readonly stalls: number;
  readonly swallowed: number;
  /** How often connections at one time have set it off. */
  readonly outbursts: number;
  readonly connections: number;
}

/** A network whose people reach a server only through a wall. */
export interface PacketWall {
  readonly people: Namespace;
  readonly wall: Namespace;
  readonly server: Namespace;
  readonly counts: () => WallCounts;
  readonly reset: () => void;
  /** Changes how many packets pass. */
  readonly letPass: (packets: number) => void;
  /** Has the people know servers by their names: where each is, or what listens among them in front of it. */
  readonly name: (addresses: Readonly<Record<string, string>>) => Promise<void>;
  /** Lets nothing more pass to `address`, until the next reset. */
  readonly block: (address: string) => void;
  readonly close: () => Promise<void>;
}

export const PEOPLE = "10.77.1.2";
export const SERVER = "10.77.2.2";
/** Where else on the server's side something may be: an address for each of a few servers. */
export const furtherServer = (index: number) => `10.77.2.${10 + index}`;
export const ANGRY_SECONDS = 20;

/**
 * A network like those many people in Russia have had since June 2025: a connection to a server abroad goes silent
 * after some 25 packets. Nothing is refused or reset; packets just stop arriving. It consists of three namespaces, and
 * leaves this machine's own network alone.
 */
export async function packetWall({ packets, atOnce, folder }: WallOptions): Promise<PacketWall> {
  const [people, wall, server] = await Promise.all([openNamespace(), openNamespace(), openNamespace()]);
  link(people, wall, "people", "1");
  link(server, wall, "server", "2");
  for (const setting of SETTINGS) set(wall, setting);
  const build = (limit: number) => wall.run("sh", "-c", `nft -f - <<'END'\n${rules(limit, atOnce)}\nEND`);
  build(packets);
  const hosts = join(folder, "hosts");
  await writeFile(hosts, "127.0.0.1 localhost\n");
  people.run("mount", "--bind", hosts, "/etc/hosts");
  const counter = (name: string) =>
    Number(/packets (\d+)/.exec(wall.run("nft", "list", "counter", "inet", "wall", name))?.[1]);
  return {
    people,
    wall,
    server,
    counts: () => ({
      stalls: (wall.run("nft", "list", "set", "inet", "wall", "silent").match(/ \. \d+/g) ?? []).length,
      swallowed: counter("swallowed"),
      outbursts: counter("outbursts"),
      connections: counter("connections"),
    }),
    reset: () => build(packets),
    letPass: build,
    name: (addresses) => {
      const lines = Object.entries({ localhost: "127.0.0.1", ...addresses }).map((each) => each.reverse().join(" "));
      return writeFile(hosts, `${lines.join("\n")}\n`);
    },
    block: (address) => {
      const words = ["ip", "daddr", address, "counter", "name", "swallowed", "drop"];
      wall.run("nft", "insert", "rule", "inet", "wall", "forward", ...words);
    },
    close: async () => {
      await Promise.all([people, server].map((each) => each.close()));
      await wall.close();
    },
  };
}

/** One wire of 1500 bytes. With segmentation left to the card, one "packet" would be of 64 KB. */
function link(side: Namespace, wall: Namespace, name: string, net: string): void {
  side.run("ip", "link", "add", "wire", "type", "veth", "peer", "name", name, "netns", String(wall.pid));
  side.run("ip", "addr", "add", `10.77.${net}.2/24`, "dev", "wire");
  wall.run("ip", "addr", "add", `10.77.${net}.1/24`, "dev", name);
  side.run("ip", "link", "set", "wire", "mtu", "1500", "gso_max_segs", "1", "up");
  wall.run("ip", "link", "set", name, "mtu", "1500", "gso_max_segs", "1", "up");
  side.run("ip", "route", "add", "default", "via", `10.77.${net}.1`);
}

/** What is over is forgotten soon, so that only what is open counts as connections at one time. */
const SETTINGS = [
  "ipv4/ip_forward=1",
  "netfilter/nf_conntrack_acct=1",
  // What is sent again on a connection that has been silenced and forgotten makes no new one.
  "netfilter/nf_conntrack_tcp_loose=0",
  "netfilter/nf_conntrack_tcp_timeout_time_wait=1",
  "netfilter/nf_conntrack_tcp_timeout_close=1",
  "netfilter/nf_conntrack_tcp_timeout_last_ack=2",
  "netfilter/nf_conntrack_tcp_timeout_fin_wait=2",
];

function set(namespace: Namespace, setting: string): void {
  const [path = "", value = ""] = setting.split("=");
  namespace.run("sh", "-c", `echo ${value} >/proc/sys/net/${path}`);
}

const ANGER = "add @angry { ip saddr } counter name swallowed drop";

/** Replaces what is there, with its counts. */
function rules(packets: number, atOnce: number | undefined): string {
  const open =
    atOnce === undefined
      ? []
      : [
          "ct state new ip saddr @angry counter name swallowed drop",
          `ct state new add @open { ip daddr ct count over ${atOnce - 1} } counter name outbursts ${ANGER}`,
        ];
  return `
    table inet wall
    delete table inet wall
    table inet wall {
      set open { type ipv4_addr; flags dynamic; size 1024; }
      set angry { type ipv4_addr; flags dynamic, timeout; size 1024; timeout ${ANGRY_SECONDS}s; }
      set silent { type ipv4_addr . inet_service; flags dynamic; size 65535; }
      counter swallowed { }
      counter outbursts { }
      counter connections { }
      chain forward {
        type filter hook forward priority 0;
        ct state invalid drop
        ct state new ip saddr ${PEOPLE} counter name connections
        ${open.join("\n        ")}
        ct packets > ${packets} ip saddr ${PEOPLE} add @silent { ip saddr . tcp sport } counter name swallowed drop
        ct packets > ${packets} ip daddr ${PEOPLE} add @silent { ip daddr . tcp dport } counter name swallowed drop
      }
    }`;
}
