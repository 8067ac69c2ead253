import type { Server } from "node:http";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { compressPages, unbuffered } from "../http/index.js";
import { type ClientSource, guardedServer } from "./admission/index.js";
import { type Context, createContext, type ServerParts } from "./context.js";
import { publishHealth } from "./health.js";
import { keepHouse } from "./housekeeping.js";
import {
  oneAnswer,
  onionLocation,
  overrideMethod,
  type PageRefusal,
  securityHeaders,
  statusOf,
  textsFor,
} from "./http/index.js";
import { publishEncrypted, publishIntake, publishProgress } from "./intake/index.js";
import { publishMailboxes, publishReplies, publishSealedMailboxes } from "./mailbox/index.js";
import {
  type FixedPath,
  fixedPaths,
  publishAssets,
  publishExit,
  publishFixedPages,
  publishForget,
  publishFrames,
  publishGatewayWarning,
  publishKeys,
  publishOfflineForm,
  publishWellKnown,
} from "./site/index.js";
import { publishUploads } from "./uploads/index.js";

/**
 * In this order: the assets are there through a gateway too, and uploads are most of what a portal is asked under load.
 */
const ROUTES: readonly ((app: Express, context: Context) => void)[] = [
  publishAssets,
  publishGatewayWarning,
  publishUploads,
  publishExit,
  publishForget,
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
  publishSealedMailboxes,
  publishReplies,
];

/** The submitters' portal, not yet listening. */
export interface Portal {
  /** One for each way of telling visitors apart, over the same routes and limits. */
  readonly servers: readonly Server[];
  /** What requests hold, by name: all zero when none is under way. */
  readonly census: () => Readonly<Record<string, number>>;
  /** Every path whose answer is the same for everyone. */
  readonly paths: readonly FixedPath[];
  /** Every route, as Express has them: a method and a path, perhaps with parameters. */
  readonly routes: readonly string[];
}

/** The submitters' portal with a listener for each of `sources`. */
export function createPortal(parts: ServerParts, sources: readonly ClientSource[] = [parts.config.clients]): Portal {
  const context = createContext(parts);
  const app = createApp(context);
  for (const publish of ROUTES) publish(app, context);
  publishErrors(app, context);
  const { gate, proxies, limits } = context;
  const guards = { gate, proxies, socketTimeoutMs: limits.socketTimeoutMs };
  const servers = sources.map((source) => guardedServer(app, guards, source));
  const stopKeeping = keepHouse(context);
  let open = servers.length;
  for (const server of servers) {
    server.once("listening", () => context.codes.open());
    server.once("close", () => {
      open -= 1;
      if (open > 0) return;
      stopKeeping();
      gate.stop();
      void context.codes.close();
    });
  }
  return { servers, census: () => censusOf(context), paths: fixedPaths(context), routes: routesOf(app) };
}

/** The submitters' server with one listener, not yet listening. */
export function createServer(parts: ServerParts): Server {
  const [server] = createPortal(parts).servers;
  if (server === undefined) throw new Error("a portal has a listener");
  return server;
}

function routesOf({ router }: Express): string[] {
  return router.stack.flatMap(({ route }) =>
    (route?.stack ?? []).flatMap(({ method }) =>
      [route?.path ?? []].flat().map((path) => `${method.toUpperCase()} ${path}`),
    ),
  );
}

function censusOf({ gate, proofs, shutdown, capacity, progress, addresses, proxies }: Context): Record<string, number> {
  return {
    ...gate.census(),
    challenges: proofs.queue.size,
    underWay: shutdown.underWay,
    written: capacity.written,
    uploading: capacity.uploads.active,
    following: progress.following,
    streams: progress.streams.taken,
    derivations: addresses.size,
    proxied: proxies.pending,
  };
}

const pageHeaders = securityHeaders("alone");
const noop = () => undefined;

/** What comes before every route: the strictest headers, which routes that need frames loosen, and admission. */
function createApp(context: Context): Express {
  const { config, portal, gate, shutdown } = context;
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.use(overrideMethod);
  app.use(unbuffered);
  app.use(pageHeaders);
  app.use(oneAnswer(config.keepAlive));
  app.use(compressPages);
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

function refuse(context: Context, request: Request, response: Response, code: PageRefusal): void {
  const texts = textsFor(context.portal.languages, request);
  // Where data was asked for, this is a page all the same.
  if (!response.hasHeader("Permissions-Policy")) for (const restore of pageHeaders) restore(request, response, noop);
  response.status(statusOf(code)).type("html").send(context.refusalPage(texts, code));
}
