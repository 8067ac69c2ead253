import type { OperatorLog } from "../http/index.js";

/**
 * Faults of the program that nothing else has caught: they end one request at most, are counted, and told to the
 * operator.
 */
export class Incidents {
  readonly #log: OperatorLog;
  #count = 0;

  constructor(log: OperatorLog) {
    this.#log = log;
  }

  /** Since the start of the process. */
  get count(): number {
    return this.#count;
  }

  /** For the process's `uncaughtException`, and through it for rejections that nobody handles. */
  readonly record = (cause: unknown): void => {
    this.#count += 1;
    this.#log.failing("program", "uncaught", cause);
  };
}
