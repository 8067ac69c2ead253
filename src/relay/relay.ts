import { boundedBody } from "./bounded-body.js";
import {
  type AnswerHead,
  MAX_ANSWER_BYTES,
  MAX_PIECE_BYTES,
  ownAnswer,
  passedAnswer,
  passedRequest,
  type RequestHead,
  UNREACHABLE,
} from "./exchange.js";

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
 * @returns what answers a request, and never rejects
 */
export function relayTo({ portal, send }: RelayParts): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const head: RequestHead = {
      method: request.method,
      target: `${pathname}${search}`,
      headers: Object.fromEntries(request.headers),
    };
    const own = ownAnswer(head);
    if (own !== null) return responseOf(own);
    try {
      return await passOn(request, head, portal, send);
    } catch {
      return responseOf(UNREACHABLE);
    }
  };
}

async function passOn(request: Request, head: RequestHead, portal: URL, send: RelayParts["send"]): Promise<Response> {
  const { headers, hasBody } = passedRequest(head);
  const body = hasBody ? request.body : null;
  const asked = new Request(new URL(head.target, portal), {
    method: request.method,
    headers,
    redirect: "manual",
    signal: request.signal,
    ...(body === null ? {} : { body: body.pipeThrough(boundedBody(MAX_PIECE_BYTES)), duplex: "half" }),
  });
  const answer = await send(asked);
  const told = passedAnswer(answer.status, Object.fromEntries(answer.headers));
  if (told.text === null) return responseOf(told, answer.body?.pipeThrough(boundedBody(MAX_ANSWER_BYTES)));
  await answer.body?.cancel();
  return responseOf(told);
}

function responseOf({ status, headers, text }: AnswerHead, body: ReadableStream | null = null): Response {
  return new Response(text === null || text === "" ? body : text, { status, headers });
}
