import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface SocksProxy {
  readonly host: string;
  readonly port: number;
}

const GREETING = Buffer.from([5, 1, 0]);
const SUCCEEDED = 0;
/** Bytes of an address in the proxy's answer, by its kind (RFC 1928 section 5). */
const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 1: 4, 4: 16 };

/**
 * A connection to `host`, whose name the proxy resolves, by SOCKS 5 without authentication (RFC 1928): what Tor listens for.
 * @throws Error if the proxy cannot be reached, or cannot reach `host`
 */
export async function connectBySocks(proxy: SocksProxy, host: string, port: number, patience: number): Promise<Socket> {
  const socket = connect(proxy);
  socket.setTimeout(patience, () => socket.destroy(new Error("the SOCKS proxy took too long")));
  try {
    await once(socket, "connect");
    socket.write(GREETING);
    if ((await take(socket, 2))[1] !== 0) throw new Error("the SOCKS proxy asks for a password");
    const name = Buffer.from(host, "latin1");
    socket.write(Buffer.from([5, 1, 0, 3, name.length, ...name, port >> 8, port & 0xff]));
    const [, reply, , kind = 0] = await take(socket, 4);
    if (reply !== SUCCEEDED) throw new Error(`the SOCKS proxy cannot reach ${host} (reply ${reply})`);
    const length = ADDRESS_LENGTHS[kind] ?? (await take(socket, 1))[0] ?? 0;
    await take(socket, length + 2);
    socket.setTimeout(0);
    return socket;
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
}

/** The next `length` bytes, and no more: what follows is the other side's. */
async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes !== null) return bytes;
    if (socket.readableEnded || socket.destroyed) throw new Error("the SOCKS proxy hung up");
    await Promise.race([once(socket, "readable"), once(socket, "close")]);
  }
}

/** `HOST:PORT`, or null if `text` is something else. */
export function readSocksProxy(text: string): SocksProxy | null {
  const match = /^([^:]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  return match === null || port > 65_535 ? null : { host: match[1] ?? "", port };
}
