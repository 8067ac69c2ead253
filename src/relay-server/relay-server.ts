import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import express, { type Request as ExpressRequest, type Response as ExpressResponse } from "express";
import type { SocksProxy } from "../http-client/index.js";
import { relayTo } from "../relay/index.js";
import {
  type ClientSource,
  GATE_LIMITS,
  Gate,
  guardedServer,
  Lifetime,
  ProxyProtocol,
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
}

/** A relay that passes on to `portal`, not yet listening: bounded as the portal is, and without a log. */
export function createRelayServer({ portal, proxy, clients }: RelayServerParts): Server {
  const line = new PortalLine(portal, proxy);
  const relay = relayTo({ portal, send: line.send });
  const proxies = new ProxyProtocol();
  const gate = new Gate(new Visitors(proxies, () => new Date()), GATE_LIMITS);
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.use(gate.watch((_request, response) => refuse(response, 503)));
  app.use((request: ExpressRequest, response: ExpressResponse) => {
    if (gate.refusal(request) !== null) {
      refuse(response, 429);
      request.resume();
      return;
    }
    void Lifetime.of(request).during(() => answer(relay, request, response));
  });
  const server = guardedServer(app, { gate, proxies, socketTimeoutMs: GATE_LIMITS.socketTimeoutMs }, clients);
  server.once("close", () => {
    gate.stop();
    line.close();
  });
  return server;
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
