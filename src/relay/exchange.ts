import {
  answeredHeaders,
  askedHeaders,
  type HeaderFields,
  isData,
  preflightHeaders,
  refusalHeaders,
} from "./headers.js";
import { mayPass, uploadPath } from "./routes.js";

/** The client's largest piece is 8 MiB. */
export const MAX_PIECE_BYTES = 9 * 1024 * 1024;
/** Certificates of many recipients, each with a key for each month, are a tenth of that. */
export const MAX_ANSWER_BYTES = 1024 * 1024;
const WITH_BODY = new Set(["POST", "PATCH"]);

/** A request as it came, without its body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, undecoded. */
  readonly target: string;
  readonly headers: HeaderFields;
}

/** An answer without the body that may follow it. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body where it is the relay's own, null where the portal's passes, and empty for none. */
  readonly text: string | null;
}

/** Without a version of tus in it, a client takes this for a portal that is away, and asks again. */
export const UNREACHABLE = refusal(502, "unreachable");

/** What the relay answers by itself; null where it asks its portal. */
export function ownAnswer({ method, target, headers }: RequestHead): AnswerHead | null {
  if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
    return { status: 204, headers: preflightHeaders(), text: "" };
  }
  const override = headers["x-http-method-override"];
  if (!mayPass(method, target, override === undefined ? null : String(override))) return refusal(404, "not_found");
  return Number(headers["content-length"] ?? 0) > MAX_PIECE_BYTES ? refusal(413, "too_large") : null;
}

/** What the portal is asked with, and whether the request's body follows, of MAX_PIECE_BYTES at most. */
export function passedRequest({ method, headers }: RequestHead): {
  readonly headers: Record<string, string>;
  readonly hasBody: boolean;
} {
  const hasBody = WITH_BODY.has(method);
  return { headers: askedHeaders(headers, hasBody), hasBody };
}

/** What a client is told of the portal's answer, whose body has MAX_ANSWER_BYTES at most where it passes. */
export function passedAnswer(status: number, headers: HeaderFields): AnswerHead {
  const told = answeredHeaders(headers);
  const location = uploadPath(String(headers.location));
  if (location !== null) told.Location = location;
  // A portal never leads elsewhere.
  const leads = status >= 300 && status < 400;
  if (isData(headers) && !leads) return { status, headers: told, text: null };
  delete told["content-type"];
  return { status: leads ? 502 : status, headers: told, text: "" };
}

function refusal(status: number, code: string): AnswerHead {
  return { status, headers: refusalHeaders(), text: `${code}\n` };
}
