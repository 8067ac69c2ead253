import { Fault } from "../core/index.js";
import { within } from "./within.js";

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
export async function ask(url: URL, { limitMs, signal: outer, ...options }: AskOptions): Promise<Response> {
  const late = () => new StallError("stalled", "the server does not answer in time");
  return within({ limitMs, outer, late }, (signal) =>
    (globalThis.posternFetch ?? fetch)(url, {
      ...options,
      signal,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    }),
  );
}
