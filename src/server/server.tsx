import { createServer as createHttpServer, type Server } from "node:http";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { render } from "../http/index.js";
import { type Context, createContext, type ServerParts } from "./context.js";
import { publishHealth } from "./health.js";
import { keepHouse } from "./housekeeping.js";
import { onionLocation, type PageRefusal, securityHeaders, statusOf, textsFor } from "./http/index.js";
import { publishEncrypted, publishIntake, publishProgress } from "./intake/index.js";
import { publishMailboxes, publishReplies } from "./mailbox/index.js";
import { RefusalPage } from "./pages/refusal-page.js";
import {
  publishAssets,
  publishExit,
  publishFixedPages,
  publishFrames,
  publishGatewayWarning,
  publishKeys,
  publishOfflineForm,
  publishWellKnown,
} from "./site/index.js";
import { publishUploads } from "./uploads/index.js";

/** Silence after which a connection is closed. An upload may be slow, but not silent. */
const SOCKET_TIMEOUT_MS = 120_000;
/** For the head of a request: a kilobyte or two. */
const HEADERS_TIMEOUT_MS = 30_000;
const HEADERS_CHECK_MS = 5_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
/** An idle connection costs some 20 KiB. */
const MAX_CONNECTIONS = 10_000;

/** In this order: the assets are there through a gateway too, and uploads are most of what a portal is asked under load. */
const ROUTES: readonly ((app: Express, context: Context) => void)[] = [
  publishAssets,
  publishGatewayWarning,
  publishUploads,
  publishExit,
  publishFrames,
  publishIntake,
  publishFixedPages,
  publishProgress,
  publishHealth,
  publishKeys,
  publishWellKnown,
  publishOfflineForm,
  publishEncrypted,
  publishMailboxes,
  publishReplies,
];

/** The submitters' server, not yet listening. */
export function createServer(parts: ServerParts): Server {
  const context = createContext(parts);
  const app = createApp(context);
  for (const publish of ROUTES) publish(app, context);
  publishErrors(app, context);
  return createListener(app, context);
}

/** What comes before every route: the strictest headers, which routes that need frames loosen, and admission. */
function createApp(context: Context): Express {
  const { config, portal, gate, shutdown } = context;
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.use(securityHeaders("alone"));
  app.use(shutdown.watch);
  app.use(onionLocation(config.onion));
  app.use(gate.watch((request, response) => refuse(context, request, response, "busy")));
  app.get("/", (request: Request, response: Response) => {
    response.vary("Accept-Language").redirect(302, `/${textsFor(portal.languages, request).language}/`);
  });
  return app;
}

function publishErrors(app: Express, context: Context): void {
  app.use((request: Request, response: Response) => refuse(context, request, response, "not_found"));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    // Express marks an error of the client, like a path that is not UTF-8, with a status.
    const clients = error instanceof Error && "status" in error && Number(error.status) < 500;
    if (!clients) context.log.failing("answering", "internal", error);
    if (response.headersSent) return next(error);
    refuse(context, request, response, clients ? "bad_request" : "cannot_store");
  });
}

function refuse({ portal }: Context, request: Request, response: Response, code: PageRefusal): void {
  const texts = textsFor(portal.languages, request);
  response.status(statusOf(code)).send(render(<RefusalPage portal={portal} texts={texts} code={code} again={null} />));
}

/** An honest upload may take hours: only silence ends it, never its length. */
function createListener(app: Express, { config, store, log, now, gate, proxies }: Context): Server {
  const timeouts = {
    requestTimeout: 0,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: HEADERS_CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  };
  const server = createHttpServer(timeouts, app);
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(SOCKET_TIMEOUT_MS);
  if (config.clients === "proxy_protocol") proxies.expectAt(server);
  server.once("close", keepHouse({ store, retentionDays: config.retentionDays, log, now }));
  server.once("close", () => gate.stop());
  return server;
}
