import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface SocksProxy {
  readonly host: string;
  readonly port: number;
}

/** Version 5, one method: no authentication (RFC 1928 section 3). */
const GREETING = Buffer.from([5, 1, 0]);
const SUCCEEDED = 0;
/** Bytes of an address in the proxy's reply, by its type (RFC 1928 section 5). */
const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 1: 4, 4: 16 };

/**
 * Connects to `host` through a SOCKS 5 proxy without authentication (RFC 1928), such as Tor. The proxy resolves names.
 * @throws Error if the proxy cannot be reached, refuses, or does not answer within `timeoutMs`
 */
export async function connectBySocks(
  proxy: SocksProxy,
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Socket> {
  const socket = connect(proxy);
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error("the SOCKS proxy took too long")));
  try {
    await once(socket, "connect");
    socket.write(GREETING);
    if ((await read(socket, 2))[1] !== 0) throw new Error("the SOCKS proxy asks for a password");
    const name = Buffer.from(host, "latin1");
    socket.write(Buffer.from([5, 1, 0, 3, name.length, ...name, port >> 8, port & 0xff]));
    const [, reply, , kind = 0] = await read(socket, 4);
    if (reply !== SUCCEEDED) throw new Error(`the SOCKS proxy cannot reach ${host} (reply ${reply})`);
    const length = ADDRESS_LENGTHS[kind] ?? (await read(socket, 1))[0] ?? 0;
    await read(socket, length + 2);
    socket.setTimeout(0);
    return socket;
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
}

/** Reads exactly `length` bytes: those that follow belong to the HTTP response. */
async function read(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes !== null) return bytes;
    if (socket.readableEnded || socket.destroyed) throw new Error("the SOCKS proxy closed the connection");
    await Promise.race([once(socket, "readable"), once(socket, "close")]);
  }
}

/** `HOST:PORT`, or null if `text` is something else. */
export function readSocksProxy(text: string): SocksProxy | null {
  const match = /^([^:]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  return match === null || port > 65_535 ? null : { host: match[1] ?? "", port };
}
