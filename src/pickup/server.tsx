import { createServer as createHttpServer, type Server } from "node:http";
import express, { type NextFunction, type Request, type Response } from "express";
import { DAY_MS } from "../core/index.js";
import { loadStylesheet, type OperatorLog, render, staticAnswer, strictHeaders, unbuffered } from "../http/index.js";
import { loadTexts, STAFF_LOCALES, type Texts } from "../locales/index.js";
import { monthsLeft, type Recipient } from "../openpgp/index.js";
import type { Mailboxes, Submissions } from "../store/index.js";
import { Authenticator } from "./authenticator.js";
import { type Context, pageFor, signedInPageFor } from "./context.js";
import { publishDownloads } from "./download.js";
import { type FaultCode, Guard } from "./guard.js";
import { publishImports } from "./import.js";
import { KnownBrowsers } from "./known-browsers.js";
import { AuditTrail, Ledger, type StaffFolder } from "./ledger/index.js";
import { listSubmissions, SHOWS } from "./listing.js";
import { publishManagement } from "./manage.js";
import { publishOutbox } from "./outbox.js";
import { FaultPage } from "./pages/answer-pages.js";
import { ListPage } from "./pages/list-page.js";
import { Sessions } from "./sessions.js";
import { publishSignIn, publishSignOut } from "./sign-in.js";
import { Staff } from "./staff.js";

const SOCKET_TIMEOUT_MS = 120_000;
const STATUS: Readonly<Record<FaultCode, number>> = {
  forbidden: 403,
  foreign: 403,
  not_found: 404,
  nothing_chosen: 400,
  internal: 503,
};
const MAX_FORM_BYTES = 1024 * 1024;
const MAX_FIELDS = 1_000;
/** A recipient's certificate that expires within this time gets a warning. */
const EXPIRY_WARNING_MS = 30 * DAY_MS;

export interface PickupParts {
  readonly submissions: Submissions;
  readonly mailboxes: Mailboxes;
  readonly folder: StaffFolder;
  /** The recipients' certificates, to show when they expire. */
  readonly keys: readonly Pick<Recipient, "fingerprint" | "expires" | "schedule">[];
  readonly log: OperatorLog;
  readonly now?: () => Date;
}

/** The staff's server, not yet listening. It has ciphertext and public keys, and no key that decrypts. */
export function createPickupServer(parts: PickupParts): Server {
  const { submissions, mailboxes, folder, keys, log, now = () => new Date() } = parts;
  const texts = loadTexts(STAFF_LOCALES);
  const languages = [...texts.values()];
  const [first] = languages;
  if (first === undefined) throw new Error("there is no language to speak");
  const spoken = (request: Request): Texts => {
    const named = texts.get(/^\/([a-z]{2,3})(?:\/|$)/.exec(request.path)?.[1] ?? "");
    const preferred = request.acceptsLanguages(...languages.map(({ language }) => language));
    return named ?? (preferred === false ? undefined : texts.get(preferred)) ?? first;
  };
  const refuse = (request: Request, response: Response, code: FaultCode) => {
    const page = pageFor(context, spoken(request), response);
    const message = page.texts.say(`fault-${code}`);
    response.status(STATUS[code]).send(render(<FaultPage {...page} message={message} />));
  };
  const style = loadStylesheet("first.css", "style.css", "pickup.css");
  const staff = new Staff(folder);
  const sessions = new Sessions(now);
  const context: Context = {
    submissions,
    mailboxes,
    staff,
    sessions,
    authenticator: new Authenticator(staff, new KnownBrowsers(folder, now), now),
    ledger: new Ledger(folder),
    audit: new AuditTrail(folder, now),
    guard: new Guard({ sessions, staff, spoken, refuse }),
    log,
    languages,
    style,
    now,
    refuse,
  };
  const { guard } = context;

  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.use(unbuffered);
  // With no-referrer, browsers would send "null" as the Origin of our own forms.
  app.use(strictHeaders({ directives: {}, framed: false, referrer: "same-origin" }));
  app.get(style.path, staticAnswer("text/css; charset=utf-8", style.contents));
  app.use(guard.loadSession);
  const body = express.urlencoded({ extended: false, limit: MAX_FORM_BYTES, parameterLimit: MAX_FIELDS });
  publishSignIn(app, context, body);
  app.use(guard.requireSession, guard.requireSameOrigin);
  app.get("/", (request: Request, response: Response) => response.redirect(303, `/${spoken(request).language}/`));
  for (const each of languages) {
    app.get(`/${each.language}/`, async (request: Request, response: Response) => {
      const listing = await listSubmissions(submissions, context.ledger, now());
      const show = SHOWS.find((one) => one === request.query.show) ?? "new";
      const page = Math.max(1, Math.trunc(Number(request.query.page)) || 1);
      const state = {
        free: await submissions.free(),
        keys: keys.map((key) => ({
          fingerprint: key.fingerprint,
          expires: key.expires,
          left: monthsLeft(key, now()),
          soon: key.expires !== null && key.expires.getTime() - now().getTime() < EXPIRY_WARNING_MS,
        })),
      };
      const props = signedInPageFor(context, each, response);
      response.send(render(<ListPage {...props} listing={listing} show={show} page={page} state={state} />));
    });
  }
  publishSignOut(app, context, body);
  publishDownloads(app, context, body);
  publishImports(app, context);
  publishOutbox(app, context);
  publishManagement(app, context, body);
  app.use((request: Request, response: Response) => refuse(request, response, "not_found"));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const badRequest = error instanceof Error && "status" in error && Number(error.status) < 500;
    const clientError = badRequest || (error instanceof Error && error.name === "MulterError");
    if (!clientError) log.failing("pickup", "internal", error);
    if (response.headersSent) return next(error);
    response.locals.session ??= null;
    refuse(request, response, clientError ? "foreign" : "internal");
  });

  const server = createHttpServer({ requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 5_000 }, app);
  server.setTimeout(SOCKET_TIMEOUT_MS);
  return server;
}
