import { Fault } from "../core/index.js";
import { ask } from "./ask.js";

/** Why the server refuses the upload. `lost`: the server does not know it any more. */
export type UploadFault =
  | "too_large"
  | "refused"
  | "no_space"
  | "key_expired"
  | "lost"
  | "digest_mismatch"
  /** Something between the browser and the server does not let it through. */
  | "blocked"
  /** Cancelled, but the server still has the partial upload. It expires within two days. */
  | "not_removed";

/** The server's own word for a refusal is its `cause`. */
export class UploadError extends Fault<UploadFault> {}

/** Whether an upload was cancelled of which the server still has a part. */
export function isNotRemoved(cause: unknown): boolean {
  return cause instanceof UploadError && cause.code === "not_removed";
}

/**
 * Why a request may be tried again. `busy`: the server is overloaded; `away`: a proxy says that the server is;
 * `foreign`: somebody else answers, such as a proxy that forbids the method; `too_long`: a proxy takes no body of this
 * size.
 */
export class LineError extends Fault<"busy" | "away" | "foreign" | "too_long"> {}

const VERSION_HEADER = "Tus-Resumable";
const VERSION = "1.0.0";
const REFUSALS: Readonly<Record<number, UploadFault>> = { 413: "too_large", 422: "refused", 507: "no_space" };

interface Asked {
  readonly url: URL;
  readonly method: "POST" | "HEAD" | "PATCH";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Milliseconds to wait for the answer. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Sends requests of tus 1.0.0, and tells the server's answers from those of others on the way. */
export class TusClient {
  #overriding = false;

  /** Whether PATCH is sent as POST with X-HTTP-Method-Override (tus 1.0.0, requests). */
  get overriding(): boolean {
    return this.#overriding;
  }

  /** For networks that let no PATCH through. */
  override(): void {
    this.#overriding = true;
  }

  /**
   * @throws UploadError when the server refuses; LineError, StallError, or TypeError without a connection, when a retry
   *   may help; the reason of the signal when it is aborted
   */
  async ask({ url, method, headers = {}, body, limitMs, signal }: Asked): Promise<Response> {
    const overridden = method === "PATCH" && this.#overriding;
    const answer = await ask(url, {
      method: overridden ? "POST" : method,
      headers: {
        [VERSION_HEADER]: VERSION,
        ...(overridden ? { "X-HTTP-Method-Override": "PATCH" } : {}),
        ...headers,
      },
      body: body ?? null,
      limitMs,
      signal,
    });
    await check(answer);
    return answer;
  }
}

async function check(answer: Response): Promise<void> {
  const { status } = answer;
  if (answer.headers.get(VERSION_HEADER) === null) throw foreign(status);
  const refusal = REFUSALS[status];
  if (refusal !== undefined) {
    const reason = (await answer.text()).trim();
    throw new UploadError(refusal, `the server answered ${status}: ${reason}`, { cause: reason });
  }
  if (status === 404 || status === 410) throw new UploadError("lost", "the server does not know this upload");
  if (status !== 503 && status !== 429) return;
  const code = (await answer.clone().text()).trim();
  if (code === "key_expired") throw new UploadError("key_expired", "a recipient's certificate has expired");
  if (code !== "proof_of_work") throw new LineError("busy", `the server answered ${status}: ${code}`);
}

/** The server names its version of tus in every answer about an upload; what does not comes from somebody else. */
function foreign(status: number): LineError {
  const message = `somebody else answered ${status}`;
  if (status === 413) return new LineError("too_long", message);
  // Its own answer before it looks at a request that is too much.
  if (status === 503 || status === 429) return new LineError("busy", message);
  return new LineError(status >= 500 && status !== 501 ? "away" : "foreign", message);
}
