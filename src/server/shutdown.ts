import type { NextFunction, Request, Response } from "express";
import { Lifetime } from "./admission/index.js";

/** Seconds after which a new process is likely to answer. */
const RETRY_AFTER = "30";
/** Requests that bring something. The others can be repeated, and one of them, the progress page, is endless. */
const BRINGING = new Set(["POST", "PATCH", "DELETE"]);

/** The portal's end: what is under way is finished, and nothing new is taken. */
export class Shutdown {
  #underWay = 0;
  #begun = false;
  #empty: () => void = () => undefined;

  /** Whether the portal is about to stop: what comes now is not taken. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Requests under way that bring something. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Counts the requests under way, and tells those that come too late when to come again. */
  readonly watch = (request: Request, response: Response, next: NextFunction): void => {
    // A kept connection would lead the next request to a process that is gone.
    if (this.#begun) response.setHeader("Connection", "close").setHeader("Retry-After", RETRY_AFTER);
    if (BRINGING.has(request.method)) {
      this.#underWay += 1;
      Lifetime.of(request).hold(() => {
        this.#underWay -= 1;
        if (this.#underWay === 0) this.#empty();
      });
    }
    next();
  };

  /** Resolves when nothing is under way, or after `timeoutMs`: with whether all was finished. */
  async begin(timeoutMs: number): Promise<boolean> {
    this.#begun = true;
    if (this.#underWay === 0) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      this.#empty = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
