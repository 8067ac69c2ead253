import { Fault } from "../core/index.js";

/** Somebody between the browser and the server has answered, such as a proxy that forbids the method. */
export class ForeignAnswerError extends Fault<"foreign"> {
  readonly method: string;
  readonly status: number;

  constructor(method: string, status: number) {
    super("foreign", `somebody else answered ${method} with ${status}`);
    this.method = method;
    this.status = status;
  }
}

/** Statuses that have a meaning whoever sends them: too large, too much, no space. */
const SHARED = new Set([413, 422, 429, 503, 507]);
/** Tries in a row after which nobody on this line is taken to let the request through. */
const MAX_FOREIGN = 5;

/**
 * The server names its version of tus in every answer about an upload.
 * @throws ForeignAnswerError
 */
export function requireOwnAnswer(method: string, { status, headers }: Response): void {
  if (!headers.has("Tus-Resumable") && !SHARED.has(status)) throw new ForeignAnswerError(method, status);
}

/** Judges whether a line lets a request through at all. */
export class LineJudge {
  readonly #maxForeign: number;
  #foreign = 0;

  constructor(maxForeign = MAX_FOREIGN) {
    this.#maxForeign = maxForeign;
  }

  /** Whether, after this failure, trying again is in vain. */
  isBlocked(failure: unknown): boolean {
    if (!(failure instanceof ForeignAnswerError)) return false;
    const { method, status } = failure;
    // A server that is away is answered for with 5xx as well. It is there if it has just answered HEAD.
    if (status < 500 || status === 501 || method === "PATCH") this.#foreign += 1;
    return this.#foreign >= this.#maxForeign;
  }
}
