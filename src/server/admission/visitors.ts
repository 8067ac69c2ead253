import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP, type Server, type Socket } from "node:net";
import type { ProxyProtocol } from "./proxy-protocol.js";
import { KnownRelays, VISITOR_HEADER } from "./relay-visitors.js";

/**
 * Who says where a connection comes from: the socket itself; the PROXY header at its head, from Tor or a proxy; or the
 * last entry of X-Forwarded-For, which a proxy of ours has written.
 */
export type ClientSource = "socket" | "proxy_protocol" | "forwarded";

const HOUR_MS = 60 * 60 * 1000;
const KEY_BYTES = 32;
/** Groups of 16 bits: Tor writes a circuit's number into the last two of an address under the first four. */
const CIRCUITS = "fc00:dead:beef:4dad";

/** Addresses of a proxy, or of a container's network: behind one of them may be anybody. */
const NEAR = new BlockList();
NEAR.addSubnet("127.0.0.0", 8);
NEAR.addSubnet("10.0.0.0", 8);
NEAR.addSubnet("172.16.0.0", 12);
NEAR.addSubnet("192.168.0.0", 16);
NEAR.addSubnet("169.254.0.0", 16);
NEAR.addAddress("::1", "ipv6");
NEAR.addSubnet("fc00::", 7, "ipv6");
NEAR.addSubnet("fe80::", 10, "ipv6");

/**
 * Tells visitors apart without knowing them: by a keyed hash of their network, under a key that exists only in this
 * process's memory and changes every hour. Nothing of it is ever written.
 */
export class Visitors {
  readonly #sources = new WeakMap<Socket, ClientSource>();
  /** Of each request once: several limits ask. */
  readonly #known = new WeakMap<IncomingMessage, string | null>();
  readonly #proxies: ProxyProtocol;
  readonly #now: () => Date;
  readonly #relays: KnownRelays;
  #hour = -1;
  #key = Buffer.alloc(0);

  /** @param relays whose word is taken for who their visitors are */
  constructor(proxies: ProxyProtocol, now: () => Date, relays = new KnownRelays([])) {
    this.#relays = relays;
    this.#proxies = proxies;
    this.#now = now;
  }

  /** Has the connections of `server` told apart by `source`. To be called before it listens. */
  watch(server: Server, source: ClientSource): void {
    server.prependListener("connection", (socket: Socket) => this.#sources.set(socket, source));
  }

  /**
   * The same for requests of one network, or of one Tor circuit, within the hour, or for whom a relay that is known
   * says that they are of one; null where visitors cannot be told apart.
   */
  of(request: IncomingMessage): string | null {
    const known = this.#known.get(request);
    if (known !== undefined) return known;
    const visitor = this.#tell(request);
    this.#known.set(request, visitor);
    return visitor;
  }

  #tell(request: IncomingMessage): string | null {
    const named = this.#relays.visitorOf(request.headers[VISITOR_HEADER], this.#now());
    if (named !== null) return named;
    if (this.#sources.get(request.socket) !== "forwarded") return this.ofSocket(request.socket);
    const forwarded = request.headers["x-forwarded-for"];
    const entries = (Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "")).split(",");
    return this.ofAddress(withoutPort(entries.at(-1)?.trim() ?? ""));
  }

  /** As far as the connection alone tells; null behind a proxy whose requests say more. */
  ofSocket(socket: Socket): string | null {
    switch (this.#sources.get(socket)) {
      case "proxy_protocol":
        return this.ofAddress(this.#proxies.source(socket) ?? "");
      case "socket":
        return this.ofAddress(socket.remoteAddress ?? "");
      default:
        return null;
    }
  }

  /** The same for addresses of one network within the hour; null for one that may be anybody's. */
  ofAddress(address: string): string | null {
    const network = networkOf(address);
    if (network === null) return null;
    const hour = Math.floor(this.#now().getTime() / HOUR_MS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#key.fill(0);
      this.#key = randomBytes(KEY_BYTES);
    }
    return createHmac("sha256", this.#key).update(network).digest("base64");
  }
}

/** Some proxies write the port as well: 203.0.113.7:4711, or [2001:db8::1]:4711. */
function withoutPort(entry: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}

/** The /24 or /56 of an address, the circuit of one that Tor made up, or null for what is near or no address. */
export function networkOf(address: string): string | null {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const version = isIP(plain);
  if (version === 0) return null;
  if (version === 4) return NEAR.check(plain) ? null : `${plain.split(".").slice(0, 3).join(".")}.0/24`;
  const groups = groupsOf(plain);
  if (groups.slice(0, 4).join(":") === CIRCUITS) return `circuit ${groups.slice(6).join(":")}`;
  if (NEAR.check(plain, "ipv6")) return null;
  const [first, second, third, fourth = ""] = groups;
  return `${first}:${second}:${third}:${fourth.padStart(4, "0").slice(0, 2)}00::/56`;
}

/** The eight groups of an IPv6 address, in hex without leading zeros. */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]/`);
  const [before = "", after] = hostname.slice(1, -1).split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  return [...head, ...new Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
}
