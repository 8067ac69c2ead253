import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Inside, inside, relayIn } from "./browsers-inside.js";
import { canMakeNamespaces } from "./namespace.js";
import { furtherServer, type PacketWall, PEOPLE, packetWall, SERVER, type WallOptions } from "./packet-wall.js";
import { removeFolder } from "./temporary.js";
import { NAME, type Site, type TlsProxy, tlsProxy } from "./tls-proxy.js";
import { requireTools } from "./tools.js";

/** Servers behind Caddy and a wall, with a place for browsers on the other side. */
interface Place extends Inside, Pick<TlsProxy, "publicKeyHash"> {
  readonly wall: PacketWall;
  readonly close: () => Promise<void>;
}

/** A portal behind a wall. */
export interface BehindWall extends Place {
  readonly url: string;
  /** Lengthens the round trip by so many milliseconds. */
  readonly delay: (roundTripMs: number) => Promise<void>;
}

/** Several servers behind a wall, each with an address of its own. */
export interface ManyBehindWall extends Place {
  readonly urls: readonly string[];
  /** The wall lets nothing more pass to that one, until it is reset. */
  readonly block: (index: number) => void;
}

/** Whether {@link openBehindWall} can work here; see {@link requireTools}. */
export function canBeBehindWall(what: string): boolean {
  return requireTools(what, "unshare", "nsenter", "ip", "nft", "caddy", "openssl") && canMakeNamespaces(what);
}

/** @param target address of the portal, in this process's own network */
export async function openBehindWall(target: () => string, options: Omit<WallOptions, "folder">): Promise<BehindWall> {
  const place = await openPlace([{ name: NAME, target }], options);
  const { wall } = place;
  await wall.name({ [NAME]: SERVER });
  let endRelay = () => {};
  return {
    ...place,
    url: `https://${NAME}`,
    delay: async (roundTripMs) => {
      endRelay();
      endRelay = () => {};
      if (roundTripMs > 0) endRelay = await relayIn(wall.people, `${PEOPLE}:443`, `${SERVER}:443`, roundTripMs / 2);
      await wall.name({ [NAME]: roundTripMs > 0 ? PEOPLE : SERVER });
    },
  };
}

/** @param targets addresses of servers, in this process's own network, asked for each connection */
export async function openManyBehindWall(
  targets: readonly (() => string)[],
  options: Omit<WallOptions, "folder">,
): Promise<ManyBehindWall> {
  const sites = targets.map((target, index) => ({ name: `way-${index}.example.net`, target }));
  const place = await openPlace(sites, options);
  const { wall } = place;
  const addresses = sites.map((_site, index) => furtherServer(index));
  for (const address of addresses) wall.server.run("ip", "addr", "add", `${address}/24`, "dev", "wire");
  await wall.name(Object.fromEntries(sites.map(({ name }, index) => [name, addresses[index] ?? SERVER])));
  return {
    ...place,
    urls: sites.map(({ name }) => `https://${name}`),
    block: (index) => wall.block(addresses[index] ?? SERVER),
  };
}

async function openPlace(sites: readonly Site[], options: Omit<WallOptions, "folder">): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "postern-wall-"));
  const closing: (() => Promise<void>)[] = [() => removeFolder(folder)];
  const close = async () => {
    for (const act of closing.splice(0).reverse()) await act();
  };
  try {
    const wall = await packetWall({ ...options, folder });
    closing.push(wall.close);
    const proxy = await tlsProxy(wall.server, folder, sites);
    closing.push(proxy.close);
    const place = await inside(wall.people, folder);
    closing.push(place.close);
    return { ...place, wall, publicKeyHash: proxy.publicKeyHash, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}
