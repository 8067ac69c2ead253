import { boundedBody } from "./bounded-body.js";
import { answeredHeaders, askedHeaders, isData, preflightHeaders, refusalHeaders } from "./headers.js";
import { mayPass, uploadPath } from "./routes.js";

/** The client's largest piece is 8 MiB. */
const MAX_PIECE_BYTES = 9 * 1024 * 1024;
/** Certificates of many recipients, each with a key for each month, are a tenth of that. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const WITH_BODY = new Set(["POST", "PATCH"]);

/** By name in lower case. No client can set them: only a fixed list of its headers is passed on. */
export type OwnHeaders = Readonly<Record<string, string>>;

export interface RelayParts {
  /** Address of the one portal that it asks, without a path. */
  readonly portal: URL;
  /** Sends a request and does not follow redirects; `fetch` where the portal can be reached directly. */
  readonly send: (request: Request) => Promise<Response>;
}

/**
 * Passes on what a client without a page asks of its portal: uploads, sealed questions, certificates, the proof of
 * work. It keeps nothing, and tells the portal nothing of who asks. Bodies pass as they come. It uses the fetch API
 * only, so that it runs on any host that has it.
 * @returns what answers a request, and never rejects; what the relay says to the portal itself may go with it
 */
export function relayTo({ portal, send }: RelayParts): (request: Request, own?: OwnHeaders) => Promise<Response> {
  return async (request, own = {}) => {
    const { method, headers } = request;
    if (method === "OPTIONS" && headers.has("access-control-request-method")) {
      return new Response(null, { status: 204, headers: preflightHeaders() });
    }
    const { pathname, search } = new URL(request.url);
    const target = `${pathname}${search}`;
    if (!mayPass(method, target, headers.get("x-http-method-override"))) return refusal(404, "not_found");
    if (Number(headers.get("content-length") ?? 0) > MAX_PIECE_BYTES) return refusal(413, "too_large");
    try {
      return await passOn(request, new URL(target, portal), own, send);
    } catch {
      // Without a version of tus in it, a client takes this for a portal that is away, and asks again.
      return refusal(502, "unreachable");
    }
  };
}

async function passOn(request: Request, url: URL, own: OwnHeaders, send: RelayParts["send"]): Promise<Response> {
  const headers = askedHeaders(request.headers);
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  const body = WITH_BODY.has(request.method) ? request.body : null;
  const asked = new Request(url, {
    method: request.method,
    headers,
    redirect: "manual",
    signal: request.signal,
    ...(body === null ? {} : { body: body.pipeThrough(boundedBody(MAX_PIECE_BYTES)), duplex: "half" }),
  });
  const answer = await send(asked);
  const { status } = answer;
  const told = answeredHeaders(answer.headers);
  const location = uploadPath(answer.headers.get("location") ?? "");
  if (location !== null) told.set("Location", location);
  // A portal never leads elsewhere.
  const leads = status >= 300 && status < 400;
  if (answer.body !== null && isData(answer.headers) && !leads) {
    return new Response(answer.body.pipeThrough(boundedBody(MAX_ANSWER_BYTES)), { status, headers: told });
  }
  await answer.body?.cancel();
  told.delete("content-type");
  return new Response(null, { status: leads ? 502 : status, headers: told });
}

function refusal(status: number, code: string): Response {
  return new Response(`${code}\n`, { status, headers: refusalHeaders() });
}
