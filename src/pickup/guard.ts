import type { NextFunction, Request, RequestHandler, Response } from "express";
import { DAY_MS } from "../core/index.js";
import type { Texts } from "../locales/index.js";
import { CSRF_FIELD } from "./pages/layout.js";
import { isSame, type Session, type Sessions } from "./sessions.js";
import type { Staff } from "./staff.js";

/** `__Host-` keeps them to this host, to secure connections, and out of reach of other hosts of the same domain. */
export const SESSION_COOKIE = "__Host-postern";
export const DEVICE_COOKIE = "__Host-device";
const COOKIE = { path: "/", secure: true, httpOnly: true, sameSite: "strict" } as const;
const YEAR_MS = 365 * DAY_MS;

export type FaultCode = "forbidden" | "foreign" | "not_found" | "nothing_chosen" | "internal";

/** The person behind a request, which has passed the guard. */
export function sessionOf(response: Response): Session {
  return response.locals.session as Session;
}

export interface GuardParts {
  readonly sessions: Sessions;
  readonly staff: Staff;
  /** The language that a request's path names. */
  readonly spoken: (request: Request) => Texts;
  readonly refuse: (request: Request, response: Response, code: FaultCode) => void;
}

/** Lets nobody in who is not signed in now, nor any request that changes something and does not come from our pages. */
export class Guard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Finds the session, if there is one; asks each time whether the person still is staff, in the same role. */
  readonly find: RequestHandler = async (request, response, next) => {
    const { sessions, staff } = this.#parts;
    const token = cookie(request, SESSION_COOKIE);
    const session = sessions.find(token);
    response.locals.session = null;
    if (session !== null && token !== null) {
      const account = (await staff.list()).find(({ name }) => name === session.name);
      if (account?.role === session.role) response.locals.session = session;
      else sessions.end(token);
    }
    next();
  };

  /** Whatever follows is for who is signed in. */
  readonly signedIn: RequestHandler = (request, response, next) => {
    if (response.locals.session !== null) return next();
    response.redirect(303, `/${this.#parts.spoken(request).language}/sign-in`);
  };

  readonly manager: RequestHandler = (request, response, next) => {
    if (sessionOf(response).role === "manager") return next();
    this.#parts.refuse(request, response, "forbidden");
  };

  /** A browser says with every form where it comes from; a request that does not say is none of our forms. */
  readonly fromHere: RequestHandler = (request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD" || comesFromHere(request)) return next();
    this.#parts.refuse(request, response, "foreign");
  };

  /** After the body has been read. */
  readonly ours: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
    const { [CSRF_FIELD]: given } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    if (this.isOurs(response, given)) return next();
    this.#parts.refuse(request, response, "foreign");
  };

  isOurs(response: Response, token: unknown): boolean {
    return typeof token === "string" && isSame(token, sessionOf(response).csrf);
  }
}

export function setSession(response: Response, token: string, device: string): void {
  response.cookie(SESSION_COOKIE, token, COOKIE);
  response.cookie(DEVICE_COOKIE, device, { ...COOKIE, maxAge: YEAR_MS });
}

export function dropSession(response: Response): void {
  response.clearCookie(SESSION_COOKIE, COOKIE);
}

/** A cookie's value, or null; of several of the same name the first. */
export function cookie(request: Request, name: string): string | null {
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

function comesFromHere({ headers }: Request): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  try {
    return new URL(headers.origin ?? "").host === headers.host;
  } catch {
    return false;
  }
}
