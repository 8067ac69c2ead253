import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { SocksProxy } from "../http-client/index.js";
import { type OwnHeaders, relayTo } from "../relay/index.js";
import {
  type ClientSource,
  GATE_LIMITS,
  Gate,
  guardedServer,
  introduce,
  Lifetime,
  ProxyProtocol,
  VISITOR_HEADER,
  Visitors,
} from "../server/admission/index.js";
import { PortalLine } from "./portal-line.js";

/** Never asked for: a path and a query of ours are complete without it. */
const NOWHERE = "http://relay.invalid";
const BODILESS = new Set(["GET", "HEAD"]);

export interface RelayServerParts {
  readonly portal: URL;
  readonly proxy: SocksProxy | null;
  /** How visitors are told apart, to bound what each may hold. */
  readonly clients: ClientSource;
  /** Shared with the portal, so that it believes who is the same visitor. Without it a relay is one visitor. */
  readonly secret?: Uint8Array | null;
}

/** A relay that passes on to `portal`, not yet listening: bounded as the portal is, and without a log. */
export function createRelayServer({ portal, proxy, clients, secret = null }: RelayServerParts): Server {
  const line = new PortalLine(portal, proxy);
  const relay = relayTo({ portal, send: line.send });
  const proxies = new ProxyProtocol();
  const gate = new Gate(new Visitors(proxies, () => new Date()), GATE_LIMITS);
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
        void Lifetime.of(request).during(() => answer((asked) => relay(asked, own), request, response));
      });
    },
    { gate, proxies, socketTimeoutMs: GATE_LIMITS.socketTimeoutMs },
    clients,
  );
  server.once("close", () => {
    gate.stop();
    line.close();
  });
  return server;
}

function namedVisitor(secret: Uint8Array, visitor: string | null, url: string): OwnHeaders {
  const purpose = url === "/mailbox" ? "mailbox" : "upload";
  return visitor === null ? {} : { [VISITOR_HEADER]: introduce(secret, visitor, purpose, new Date()) };
}

/** As any page may read it: a client asks again. */
function refuse(response: ServerResponse, status: 429 | 503): void {
  response.writeHead(status, { "Access-Control-Allow-Origin": "*" }).end();
}

async function answer(
  relay: (request: Request) => Promise<Response>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { status, headers, body } = await relay(asRequest(request));
    // The portal's own time is passed on, or none.
    response.sendDate = false;
    response.writeHead(status, Object.fromEntries(headers));
    if (body === null) response.end();
    else await pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), response);
  } catch {
    // Cut off in the middle, it is no whole answer.
    response.destroy();
  }
  // What is still to come is read and thrown away: a browser that is sending shows no answer before it has sent.
  request.resume();
}

/** A target that is no path, as an open proxy is asked for, becomes one that no relay passes on. */
function asRequest(incoming: IncomingMessage): Request {
  const { method = "", url = "", rawHeaders } = incoming;
  const target = URL.canParse(url, NOWHERE) && url.startsWith("/") && !url.startsWith("//") ? url : "/refused";
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  const { signal } = Lifetime.of(incoming);
  const body = BODILESS.has(method) ? {} : { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" };
  return new Request(new URL(target, NOWHERE), { method, headers, signal, ...body });
}
