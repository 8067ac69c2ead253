import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import express, { type NextFunction, type Request, type Response } from "express";
import { formatReceiptCode } from "../core/index.js";
import { defaultForm, type OwnForm, ownForm } from "../form/index.js";
import { type OperatorLog, render, staticAnswer } from "../http/index.js";
import { loadTexts, type Texts } from "../locales/index.js";
import { GATE_LIMITS, Gate, type GateLimits, Proofs, ProxyProtocol, Space, Visitors } from "./admission/index.js";
import type { ServerConfig } from "./config.js";
import { health } from "./health.js";
import { keepHouse } from "./housekeeping.js";
import { securityHeaders } from "./http/headers.js";
import { isThroughGateway, onionLocation } from "./http/onion.js";
import { REFUSAL_STATUS, type RefusalCode } from "./http/refusal.js";
import { publishEncrypted } from "./intake/encrypted.js";
import { intake } from "./intake/intake.js";
import { ProgressBoard } from "./intake/progress.js";
import { publishProgress } from "./intake/progress-stream.js";
import { publishMailboxes } from "./mailbox/mailbox.js";
import { publishReplies } from "./mailbox/replies.js";
import { ReplyAddresses } from "./mailbox/reply-addresses.js";
import { FormPage, FramesPage } from "./pages/form-page.js";
import type { Portal } from "./pages/layout.js";
import { ProsePage } from "./pages/prose-page.js";
import { RefusalPage } from "./pages/refusal-page.js";
import type { Recipients } from "./recipients.js";
import { Departure } from "./shutdown.js";
import { loadClientBuild, scriptsFor } from "./site/client-build.js";
import { publishFixedPages } from "./site/fixed-pages.js";
import { loadStyles } from "./site/fixed-paths.js";
import { publishExit } from "./site/leave.js";
import { publishOfflineForm } from "./site/offline-form.js";
import { publishKeys } from "./site/published-keys.js";
import { publishWellKnown, type WellKnown } from "./site/well-known.js";
import type { UploadStore } from "./upload-store.js";
import { publishUploads } from "./uploads/uploads.js";

/** Socket silence, in milliseconds, after which a connection is given up. An upload may be slow, but not silent. */
const SILENCE = 120_000;
const IMMUTABLE = "public, max-age=31536000, immutable";
/** Milliseconds for the head of a request: a kilobyte or two. */
const HEADERS_TIME = 30_000;
/** How often, in milliseconds, it is looked who takes longer. */
const LOOK = 5_000;
/** Connections that may be open: an idle one costs some 20 KiB. */
const MOST_CONNECTIONS = 10_000;

/** Sentences of the page that is shown through a gateway instead of any other. */
const GATEWAY = { what: 3 };

export interface ServerParts {
  readonly config: ServerConfig;
  readonly store: UploadStore;
  /** 16 bytes that belong to the store's mailboxes. */
  readonly portalSalt: Uint8Array;
  readonly recipients: Recipients;
  readonly log: OperatorLog;
  /** The operator's questions, in all languages; the default ones unless given. */
  readonly form?: OwnForm | null;
  /** The languages to speak, by tag; those of this project unless told. */
  readonly texts?: ReadonlyMap<string, Texts>;
  /** Told when the portal is to stop. */
  readonly departure?: Departure;
  /** What other processes of the same portal have as well, so that they can check each other's tasks; null unless there are any. */
  readonly secret?: Uint8Array | null;
  /** How much is shared out among those who come; for tests. */
  readonly limits?: GateLimits;
  /** The signed manifest and what goes with it, by path: first for the clear net, then for the onion service. */
  readonly wellKnown?: readonly [clear: WellKnown, onion: WellKnown];
  /** For tests that need another day. */
  readonly now?: () => Date;
}

/** The submitters' server, not yet listening. */
export function createServer(parts: ServerParts): Server {
  const {
    config,
    store,
    portalSalt,
    recipients,
    log,
    form = null,
    texts = loadTexts(),
    departure = new Departure(),
    secret = null,
    limits = GATE_LIMITS,
    wellKnown,
    now = () => new Date(),
  } = parts;
  const languages = [...texts.values()];
  const [first] = languages;
  if (first === undefined) throw new Error("there is no language to speak");
  const forms = new Map(
    languages.map(({ language, say }) => [language, form === null ? defaultForm(say) : ownForm(form, language, say)]),
  );
  const formIn = ({ language }: Texts) => {
    const found = forms.get(language);
    if (found === undefined) throw new Error(`there is no form in ${language}`);
    return found;
  };
  // Pages that answer somebody may be read at either address; only those that are the same for everyone lead elsewhere.
  const portal: Portal = { languages, ...config, onion: null, styles: loadStyles() };
  const board = new ProgressBoard();
  const addresses = new ReplyAddresses(portalSalt);
  const client = loadClientBuild();
  const scripts = scriptsFor(client, recipients);
  const { worker } = scripts;
  const proxies = new ProxyProtocol();
  const gate = new Gate(new Visitors(config.clients, proxies, now), limits, new Proofs(secret));
  const space = new Space(store, config);
  const shared = { config, portal, store, recipients, departure, gate, space, log, now };
  const submit = intake({ ...shared, formIn, addresses, board });

  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  // The strictest for every answer, refusals and errors among them; routes that need frames loosen it.
  app.use(securityHeaders("alone"));
  app.use(departure.watch);
  const frame = securityHeaders("framed");

  const spoken = (request: Request): Texts => {
    const named = texts.get(/^\/([a-z]{2,3})(?:\/|$)/.exec(request.path)?.[1] ?? "");
    const preferred = request.acceptsLanguages(...languages.map(({ language }) => language));
    return named ?? (preferred === false ? undefined : texts.get(preferred)) ?? first;
  };
  app.use(onionLocation(config.onion));
  const refuse = (request: Request, response: Response, code: RefusalCode) => {
    response
      .status(REFUSAL_STATUS[code])
      .send(render(<RefusalPage portal={portal} texts={spoken(request)} code={code} again={null} />));
  };

  app.use(gate.watch((request, response) => refuse(request, response, "busy")));

  app.get("/", (request: Request, response: Response) => {
    response.vary("Accept-Language").redirect(302, `/${spoken(request).language}/`);
  });
  for (const { path, contents } of Object.values(portal.styles)) {
    app.get(path, staticAnswer("text/css; charset=utf-8", contents, IMMUTABLE));
  }
  const icon = readFileSync(new URL("../../public/icon.svg", import.meta.url));
  app.get("/icon.svg", staticAnswer("image/svg+xml", icon, "public, max-age=3600"));
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isThroughGateway(request)) return next();
    const texts = spoken(request);
    response.status(403).send(render(<ProsePage portal={portal} texts={texts} id="gateway" sections={GATEWAY} />));
  });
  // Before the pages: most of what a portal is asked under load comes here.
  publishUploads(app, shared);
  publishExit(app, portal);
  for (const { path, contents } of Object.values(scripts)) {
    // Its name holds its digest: it never changes.
    app.get(path, securityHeaders("worker"), staticAnswer("text/javascript", contents, IMMUTABLE));
  }
  for (const language of languages) {
    const root = `/${language.language}/`;
    app.get(`${root}plain`, securityHeaders("frames"), (_request: Request, response: Response) => {
      response.send(
        render(<FramesPage portal={portal} texts={language} form={formIn(language)} token={board.issue(language)} />),
      );
    });
    app.get(`${root}form/:token`, frame, (request: Request, response: Response) => {
      const token = String(request.params.token);
      const known = board.textsFor(token) === null ? null : token;
      response.send(
        render(<FormPage encryption="server" portal={portal} texts={language} form={formIn(language)} token={known} />),
      );
    });
    app.post(`${root}submit`, frame, (request: Request, response: Response) => submit(request, response, language));
    app.get(`${root}submit`, frame, (_request: Request, response: Response) => response.redirect(303, root));
  }
  publishFixedPages(app, { portal, onion: config.onion, formIn, scripts, recipients, portalSalt });
  publishProgress(app, frame, portal, board, spoken);
  app.get("/healthz", health(shared));
  publishKeys(app, recipients);
  if (wellKnown !== undefined) publishWellKnown(app, wellKnown);
  publishOfflineForm(app, { portal, formIn, script: client.offline, worker, recipients, portalSalt });
  publishEncrypted(app, shared);
  publishMailboxes(app, store.mailboxes);
  const showForm = (response: Response, texts: Texts, code: string) => {
    const receiptCode = formatReceiptCode(code);
    response.send(
      render(
        <FormPage
          encryption="server"
          portal={portal}
          texts={texts}
          form={formIn(texts)}
          token={null}
          receiptCode={receiptCode}
        />,
      ),
    );
  };
  publishReplies(app, { portal, mailboxes: store.mailboxes, addresses, gate, showForm });

  app.use((request: Request, response: Response) => refuse(request, response, "not_found"));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    // A path that is no valid UTF-8 is the client's fault; Express marks such errors with a status.
    const clients = error instanceof Error && "status" in error && Number(error.status) < 500;
    if (!clients) log.failing("answering", "internal", error);
    if (response.headersSent) return next(error);
    refuse(request, response, clients ? "bad_request" : "cannot_store");
  });

  // An honest upload may take hours: only silence ends it, never its length.
  const times = { requestTimeout: 0, headersTimeout: HEADERS_TIME, connectionsCheckingInterval: LOOK };
  const server = createHttpServer({ ...times, keepAliveTimeout: 5_000 }, app);
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(SILENCE);
  if (config.clients === "proxy_protocol") proxies.expectAt(server);
  server.once("close", keepHouse({ store, retentionDays: config.retentionDays, log, now }));
  server.once("close", () => gate.stop());
  return server;
}
