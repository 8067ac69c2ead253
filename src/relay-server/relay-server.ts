import type { Server, ServerResponse } from "node:http";
import type { SocksProxy } from "../http-client/index.js";
import {
  type ClientSource,
  GATE_LIMITS,
  Gate,
  type GateLimits,
  guardedServer,
  introduce,
  Lifetime,
  ProxyProtocol,
  VISITOR_HEADER,
  Visitors,
} from "../server/admission/index.js";
import { passOn } from "./pass-on.js";
import { PortalLine } from "./portal-line.js";

export interface RelayServerParts {
  readonly portal: URL;
  readonly proxy: SocksProxy | null;
  /** How visitors are told apart, to bound what each may hold. */
  readonly clients: ClientSource;
  /** Shared with the portal, so that it believes who is the same visitor. Without it a relay is one visitor. */
  readonly secret?: Uint8Array | null;
  /** Of all requests and of each visitor's; the portal's own unless told. */
  readonly limits?: GateLimits;
}

/** A relay that passes on to `portal`, not yet listening: bounded as the portal is, and without a log. */
export function createRelayServer(parts: RelayServerParts): Server {
  const { portal, proxy, clients, secret = null, limits = GATE_LIMITS } = parts;
  const line = new PortalLine(portal, proxy);
  const proxies = new ProxyProtocol();
  const gate = new Gate(new Visitors(proxies, () => new Date()), limits);
  const admit = gate.watch((_request, response) => refuse(response, 503));
  const server = guardedServer(
    (request, response) => {
      void admit(request, response, () => {
        if (gate.refusal(request) !== null) {
          refuse(response, 429);
          request.resume();
          return;
        }
        const own = secret === null ? {} : namedVisitor(secret, gate.visitor(request), request.url ?? "");
        const lifetime = Lifetime.of(request);
        void lifetime.during(() => passOn({ request, response, signal: lifetime.signal }, line, own));
      });
    },
    { gate, proxies, socketTimeoutMs: limits.socketTimeoutMs },
    clients,
  );
  server.once("close", () => {
    gate.stop();
    line.close();
  });
  return server;
}

function namedVisitor(secret: Uint8Array, visitor: string | null, url: string): Record<string, string> {
  const purpose = url === "/mailbox" ? "mailbox" : "upload";
  return visitor === null ? {} : { [VISITOR_HEADER]: introduce(secret, visitor, purpose, new Date()) };
}

/** As any page may read it: a client asks again. */
function refuse(response: ServerResponse, status: 429 | 503): void {
  response.writeHead(status, { "Access-Control-Allow-Origin": "*" }).end();
}
