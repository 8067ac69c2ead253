import { Fault } from "../core/index.js";

declare global {
  /** In an offline form that sends: asks the portal by any of several ways. */
  var posternFetch: ((url: URL, init: RequestInit) => Promise<Response>) | undefined;
}

/** No answer, or none of its bytes, in time. */
export class StallError extends Fault<"stalled"> {}

export interface AskOptions extends Omit<RequestInit, "signal"> {
  /** Milliseconds to wait for the head of the answer. */
  readonly limitMs: number;
  /** Cancels the request. */
  readonly signal?: AbortSignal;
}

/**
 * Asks this portal's server, and takes no longer than that.
 * @throws StallError; TypeError when there is no connection; the reason of the signal when it is aborted
 */
export async function ask(url: URL, { limitMs, signal, ...options }: AskOptions): Promise<Response> {
  // Not AbortSignal.any: phones a few years old lack it.
  const ending = new AbortController();
  const cancel = () => ending.abort(signal?.reason);
  const stall = () => ending.abort(new StallError("stalled", "the server does not answer in time"));
  const timer = setTimeout(stall, limitMs);
  signal?.addEventListener("abort", cancel);
  if (signal?.aborted) cancel();
  try {
    return await (globalThis.posternFetch ?? fetch)(url, {
      ...options,
      signal: ending.signal,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  } catch (cause) {
    throw ending.signal.aborted ? ending.signal.reason : cause;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}
