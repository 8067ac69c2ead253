import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type AnswerHead,
  MAX_ANSWER_BYTES,
  MAX_PIECE_BYTES,
  ownAnswer,
  passedAnswer,
  passedRequest,
  type RequestHead,
  UNREACHABLE,
} from "../relay/index.js";
import type { PortalLine } from "./portal-line.js";

/** A request to the relay, and where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Passes a request on over `line` as a relay may, its body as it comes, and the answer back; both wait where the other
 * side does not take them.
 * @param own headers of the relay to its portal
 * @returns when the answer has ended, or cannot be sent any more
 */
export async function passOn(
  exchange: Exchange,
  line: PortalLine,
  own: Readonly<Record<string, string>>,
): Promise<void> {
  const { request, response } = exchange;
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  // The portal's own time is passed on, or none.
  response.sendDate = false;
  const head: RequestHead = { method: request.method ?? "", target: request.url ?? "", headers: request.headers };
  const answer = ownAnswer(head);
  if (answer === null) askPortal(exchange, head, line, own);
  else tell(exchange, answer);
  await closed;
}

function askPortal(
  exchange: Exchange,
  head: RequestHead,
  line: PortalLine,
  own: Readonly<Record<string, string>>,
): void {
  const { request, signal } = exchange;
  const { headers, hasBody } = passedRequest(head);
  const asked = line.ask(
    { ...head, headers: { ...headers, ...own }, signal },
    (answer) => passBack(exchange, answer),
    () => tell(exchange, UNREACHABLE),
  );
  if (!hasBody) return void asked.end();
  // The portal connects and checks while the first bytes are still on their way.
  asked.flushHeaders();
  bound(request, MAX_PIECE_BYTES, () => asked.destroy(new Error("the piece is too long")));
  request.pipe(asked);
  // Answered before it was read, or away: what is still to come has nowhere to go.
  asked.once("close", () => request.unpipe(asked).resume());
}

function passBack(exchange: Exchange, answer: IncomingMessage): void {
  const { request, response } = exchange;
  const { statusCode: status = 0, headers } = answer;
  // Cut off in the middle, it is no whole answer.
  answer.on("error", () => response.destroy());
  // Whoever is in the portal's place may send what is no answer of HTTP.
  const told = status < 200 || status > 599 ? UNREACHABLE : passedAnswer(status, headers);
  if (told.text === null) {
    response.writeHead(told.status, { ...told.headers });
    bound(answer, MAX_ANSWER_BYTES, () => answer.destroy(new Error("the answer is too long")));
    answer.pipe(response);
    request.resume();
    return;
  }
  // Over by now, its connection can be used again; a body that may not pass is not read.
  if (status === 204 || request.method === "HEAD") answer.resume();
  else answer.destroy();
  tell(exchange, told);
}

/** A browser that is sending shows no answer before it has sent: what is still to come is read and thrown away. */
function tell({ request, response }: Exchange, { status, headers, text }: AnswerHead): void {
  if (!response.headersSent) response.writeHead(status, { ...headers }).end(text ?? "");
  request.resume();
}

/** Calls `over` as soon as more than `maxBytes` bytes of a body have come. */
function bound(body: IncomingMessage, maxBytes: number, over: () => void): void {
  let bytes = 0;
  body.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes && bytes - chunk.length <= maxBytes) over();
  });
}
