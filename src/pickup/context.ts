import type { Request, Response } from "express";
import type { OperatorLog, Stylesheet } from "../http/index.js";
import type { Texts } from "../locales/index.js";
import type { Mailboxes, Submissions } from "../store/index.js";
import type { Authenticator } from "./authenticator.js";
import { type FaultCode, type Guard, sessionOf } from "./guard.js";
import type { AuditTrail, Ledger } from "./ledger/index.js";
import type { PageProps, SignedInProps } from "./pages/layout.js";
import type { Sessions } from "./sessions.js";
import type { Staff } from "./staff.js";

/** Shared by all routes of the pickup server. */
export interface Context {
  readonly submissions: Submissions;
  readonly mailboxes: Mailboxes;
  readonly staff: Staff;
  readonly sessions: Sessions;
  readonly authenticator: Authenticator;
  readonly ledger: Ledger;
  readonly audit: AuditTrail;
  readonly guard: Guard;
  readonly log: OperatorLog;
  readonly languages: readonly Texts[];
  readonly style: Stylesheet;
  readonly now: () => Date;
  readonly refuse: (request: Request, response: Response, code: FaultCode) => void;
}

/** The common properties of any page. */
export function pageFor({ languages, style }: Context, texts: Texts, response: Response): PageProps {
  return { languages, texts, style, session: response.locals.session ?? null };
}

/** The same, for a route that requires a session. */
export function signedInPageFor(context: Context, texts: Texts, response: Response): SignedInProps {
  return { ...pageFor(context, texts, response), session: sessionOf(response) };
}

/** The value of a form field; empty if it is missing or repeated. */
export function field(request: Request, name: string): string {
  const value = ((request.body ?? {}) as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" ? value : "";
}

/** All values of a field that may be repeated. */
export function fields(request: Request, name: string): readonly string[] {
  const value = ((request.body ?? {}) as Readonly<Record<string, unknown>>)[name];
  return [value].flat().filter((each): each is string => typeof each === "string");
}
