import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { Texts } from "../locales/index.js";
import { TOKEN_LIFETIME_MS } from "./known-browsers.js";
import { CSRF_FIELD } from "./pages/layout.js";
import { isSame, type Session, type Sessions } from "./sessions.js";
import type { Staff } from "./staff.js";

/** Browsers accept `__Host-` cookies only over TLS and from this very host, not from a sibling of its domain. */
export const SESSION_COOKIE = "__Host-postern";
export const DEVICE_COOKIE = "__Host-device";
const COOKIE = { path: "/", secure: true, httpOnly: true, sameSite: "strict" } as const;

export type FaultCode = "forbidden" | "foreign" | "not_found" | "nothing_chosen" | "internal";

/** The session of a request that has passed {@link Guard.requireSession}. */
export function sessionOf(response: Response): Session {
  return response.locals.session as Session;
}

export interface GuardParts {
  readonly sessions: Sessions;
  readonly staff: Staff;
  /** The language of a request: from its path, or else its Accept-Language header. */
  readonly spoken: (request: Request) => Texts;
  readonly refuse: (request: Request, response: Response, code: FaultCode) => void;
}

/** Middleware that admits only signed-in staff, and changes only from our own pages. */
export class Guard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Loads the session into `response.locals`, or null. Ends it if its account is gone or has another role. */
  readonly loadSession: RequestHandler = async (request, response, next) => {
    const { sessions, staff } = this.#parts;
    const token = readCookie(request, SESSION_COOKIE);
    const session = sessions.find(token);
    response.locals.session = null;
    if (session !== null && token !== null) {
      // By id: a name may have been removed and added again.
      const account = (await staff.list()).find(({ id }) => id === session.account);
      if (account?.role === session.role) response.locals.session = session;
      else sessions.end(token);
    }
    next();
  };

  /** Redirects to the sign-in page without a session. */
  readonly requireSession: RequestHandler = (request, response, next) => {
    if (response.locals.session !== null) return next();
    response.redirect(303, `/${this.#parts.spoken(request).language}/sign-in`);
  };

  readonly requireManager: RequestHandler = (request, response, next) => {
    if (sessionOf(response).role === "manager") return next();
    this.#parts.refuse(request, response, "forbidden");
  };

  /** Refuses changes without an Origin header of this host, which browsers send with every form. */
  readonly requireSameOrigin: RequestHandler = (request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD" || isSameOrigin(request)) return next();
    this.#parts.refuse(request, response, "foreign");
  };

  /** Refuses forms without the session's CSRF token. Needs the parsed body. */
  readonly requireCsrfToken: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
    const { [CSRF_FIELD]: given } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    if (this.hasCsrfToken(response, given)) return next();
    this.#parts.refuse(request, response, "foreign");
  };

  hasCsrfToken(response: Response, token: unknown): boolean {
    return typeof token === "string" && isSame(token, sessionOf(response).csrf);
  }
}

export function setSession(response: Response, token: string, device: string): void {
  response.cookie(SESSION_COOKIE, token, COOKIE);
  response.cookie(DEVICE_COOKIE, device, { ...COOKIE, maxAge: TOKEN_LIFETIME_MS });
}

export function clearSession(response: Response): void {
  response.clearCookie(SESSION_COOKIE, COOKIE);
}

/** The value of the first cookie with this name, or null. */
export function readCookie(request: Request, name: string): string | null {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined && value !== "") return decodeURIComponentSafely(value);
  }
  return null;
}

function decodeURIComponentSafely(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

function isSameOrigin({ headers }: Request): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  try {
    return new URL(headers.origin ?? "").host === headers.host;
  } catch {
    return false;
  }
}
