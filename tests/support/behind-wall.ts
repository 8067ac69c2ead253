import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Inside, inside, relayIn } from "./browsers-inside.js";
import { canMakeNamespaces } from "./namespace.js";
import { type PacketWall, PEOPLE, packetWall, SERVER, type WallOptions } from "./packet-wall.js";
import { removeFolder } from "./temporary.js";
import { NAME, type TlsProxy, tlsProxy } from "./tls-proxy.js";
import { requireTools } from "./tools.js";

/** A portal behind Caddy and a wall, with a place for browsers on the other side. */
export interface BehindWall extends Inside, Pick<TlsProxy, "publicKeyHash"> {
  readonly wall: PacketWall;
  readonly url: string;
  /** Lengthens the round trip by so many milliseconds. */
  readonly delay: (roundTripMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Whether {@link openBehindWall} can work here; see {@link requireTools}. */
export function canBeBehindWall(what: string): boolean {
  return requireTools(what, "unshare", "nsenter", "ip", "nft", "caddy", "openssl") && canMakeNamespaces(what);
}

/** @param target address of the portal, in this process's own network */
export async function openBehindWall(target: () => string, options: Omit<WallOptions, "folder">): Promise<BehindWall> {
  const folder = await mkdtemp(join(tmpdir(), "postern-wall-"));
  const closing: (() => Promise<void>)[] = [() => removeFolder(folder)];
  const close = async () => {
    for (const act of closing.splice(0).reverse()) await act();
  };
  try {
    const wall = await packetWall({ ...options, folder });
    closing.push(wall.close);
    const proxy = await tlsProxy(wall.server, folder, target);
    closing.push(proxy.close);
    const place = await inside(wall.people, folder);
    closing.push(place.close);
    await wall.name(NAME, SERVER);
    let endRelay = () => {};
    return {
      ...place,
      wall,
      publicKeyHash: proxy.publicKeyHash,
      url: `https://${NAME}`,
      delay: async (roundTripMs) => {
        endRelay();
        endRelay = () => {};
        if (roundTripMs > 0) endRelay = await relayIn(wall.people, `${PEOPLE}:443`, `${SERVER}:443`, roundTripMs / 2);
        await wall.name(NAME, roundTripMs > 0 ? PEOPLE : SERVER);
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
