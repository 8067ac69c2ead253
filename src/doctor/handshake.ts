import { once } from "node:events";
import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { SocksProxy } from "../http-client/index.js";

const TIMEOUT_MS = 30_000;

export interface Handshake {
  /** What the server chose of HTTP/2 and HTTP/1.1 (ALPN, RFC 7301); null if it chose nothing. */
  readonly protocol: string | null;
  /** Bytes that the server sent until the connection was secure. */
  readonly bytes: number;
}

/**
 * Makes one TLS connection to the server of `url`, and ends it.
 * @throws Error when the connection fails or its certificate is not valid
 */
export async function shakeHands({ hostname, port }: URL): Promise<Handshake> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = connectTcp({ host, port: Number(port === "" ? 443 : port) });
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("the server took too long to answer")));
  try {
    await once(socket, "connect");
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const secure = connectTls({ socket, ...servername, ALPNProtocols: ["h2", "http/1.1"] });
    await once(secure, "secureConnect");
    const { alpnProtocol, bytesRead } = secure;
    return { protocol: typeof alpnProtocol === "string" ? alpnProtocol : null, bytes: bytesRead };
  } finally {
    socket.destroy();
  }
}

/** Null where `url` is reached through a proxy, or without TLS. */
export function handshakeWith(url: URL, proxy: SocksProxy | null): (() => Promise<Handshake>) | null {
  return url.protocol === "https:" && proxy === null ? () => shakeHands(url) : null;
}
