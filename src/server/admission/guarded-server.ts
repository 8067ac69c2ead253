import { createServer, type RequestListener, type Server } from "node:http";
import type { Gate } from "./gate.js";
import type { ProxyProtocol } from "./proxy-protocol.js";
import type { ClientSource } from "./visitors.js";

/** For the head of a request: a kilobyte or two. */
const HEADERS_TIMEOUT_MS = 30_000;
const HEADERS_CHECK_MS = 5_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;

/**
 * A server, not yet listening, whose connections `gate` admits, and whose visitors `source` tells apart. An honest
 * upload may take hours: only silence ends it, never its length.
 */
export function guardedServer(
  answer: RequestListener,
  { gate, proxies, socketTimeoutMs }: { gate: Gate; proxies: ProxyProtocol; socketTimeoutMs: number },
  source: ClientSource,
): Server {
  const timeouts = {
    requestTimeout: 0,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: HEADERS_CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  };
  const server = createServer(timeouts, gate.connections.serve(answer));
  server.setTimeout(socketTimeoutMs);
  gate.guard(server, source);
  if (source === "proxy_protocol") proxies.expectAt(server);
  return server;
}
