import type { IncomingMessage } from "node:http";
import type { NextFunction, Request, Response } from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Refusal } from "../http/index.js";
import { FairQueue } from "./fair-queue.js";
import { MinimumRate } from "./minimum-rate.js";
import { Overload } from "./overload.js";
import { Places } from "./places.js";
import { ProofsOfWork } from "./proof-of-work.js";
import type { Visitors } from "./visitors.js";

export interface GateLimits {
  /** Requests that bring something, all together; twice as many are read no more, and those beyond are not even read. */
  readonly places: number;
  /** Those of one visitor. */
  readonly share: number;
  /** What one visitor may begin in a minute: letters and uploads. A network may be a whole town's. */
  readonly perMinute: number;
  /** Letters encrypted here at one time, and those that may wait for it. */
  readonly lettersParallel: number;
  readonly lettersWaiting: number;
  /** Uploads checked and stored at one time, short and long ones, and those of each that may wait for it. */
  readonly uploadsParallel: number;
  readonly longUploadsParallel: number;
  readonly uploadsWaiting: number;
  /** Milliseconds that the process may be late by before that is pressure. */
  readonly late: number;
}

export const GATE_LIMITS: GateLimits = {
  places: 1_024,
  share: 128,
  perMinute: 120,
  lettersParallel: 4,
  lettersWaiting: 500,
  // Most of it is waiting for the disk, which syncs many at once as fast as one.
  uploadsParallel: 32,
  longUploadsParallel: 8,
  uploadsWaiting: 500,
  late: 300,
};

/** Milliseconds that a browser without JavaScript is sure to wait for an answer; one with it asks again. */
const LETTER_PATIENCE = 200_000;
const UPLOAD_PATIENCE = 60_000;
/** Bytes of memory beyond which no more is taken into it. */
const MOST_MEMORY = 1024 ** 3;
/** Bytes up to which an upload is a short one, as a letter is: it takes next to no memory or time. */
const SHORT_UPLOAD = 1024 * 1024;
/** Share of the places, or of those who may wait, from which on the portal is under pressure. */
const CROWDED = 0.5;
const BRINGING = new Set(["POST", "PATCH", "DELETE"]);

/** Why a request is not taken although nothing is wrong with it. */
export type AdmissionRefusal = Extract<Refusal, "busy" | "too_many_requests">;

/** Shares the portal out among those who come, whoever they are. */
export class Gate {
  /** Letters that are encrypted here. */
  readonly letters: FairQueue;
  readonly proofs: ProofsOfWork;
  readonly #shortUploads: FairQueue;
  readonly #longUploads: FairQueue;
  readonly #limits: GateLimits;
  readonly #visitors: Visitors;
  readonly #places: Places;
  readonly #rate: RateLimiterMemory;
  readonly #minimumRate = new MinimumRate();
  readonly #overload: Overload;
  readonly #refusals = new WeakMap<IncomingMessage, AdmissionRefusal>();

  constructor(visitors: Visitors, limits: GateLimits = GATE_LIMITS, proofs: ProofsOfWork = new ProofsOfWork()) {
    this.#visitors = visitors;
    this.#limits = limits;
    this.proofs = proofs;
    this.#places = new Places(limits.places, limits.share);
    this.#rate = new RateLimiterMemory({ points: limits.perMinute, duration: 60 });
    this.letters = new FairQueue({
      parallel: limits.lettersParallel,
      mostWaiting: limits.lettersWaiting,
      longestWait: LETTER_PATIENCE,
    });
    const uploads = { mostWaiting: limits.uploadsWaiting, longestWait: UPLOAD_PATIENCE };
    this.#shortUploads = new FairQueue({ ...uploads, parallel: limits.uploadsParallel });
    this.#longUploads = new FairQueue({ ...uploads, parallel: limits.longUploadsParallel });
    this.#overload = new Overload({
      late: limits.late,
      crowded: () => this.#crowded(),
      onPressure: () => this.#minimumRate.enforce(),
    });
  }

  /** Whether those who can must prove some work first. */
  get overloaded(): boolean {
    return this.#overload.on;
  }

  /** Those who have an upload of so many bytes checked and stored. */
  uploads(bytes: number): FairQueue {
    return bytes > SHORT_UPLOAD ? this.#longUploads : this.#shortUploads;
  }

  visitor(request: IncomingMessage): string | null {
    return this.#visitors.of(request);
  }

  /** What was decided about `request` when it came. Its body is to be read all the same, so that a letter can be given back. */
  refusal(request: IncomingMessage): AdmissionRefusal | null {
    return this.#refusals.get(request) ?? null;
  }

  stop(): void {
    this.#overload.stop();
  }

  /**
   * Gives every request that brings something a place, and decides about it.
   * @param turnAway answers one that is too much even to read
   */
  watch(turnAway: (request: Request, response: Response) => void) {
    return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
      if (!BRINGING.has(request.method)) return next();
      const visitor = this.visitor(request);
      const room = this.#places.take(visitor);
      this.#minimumRate.begin(request);
      response.once("close", () => {
        this.#places.leave(visitor);
        this.#minimumRate.end(request);
      });
      if (this.#places.taken > 2 * this.#limits.places || this.#overload.memory > MOST_MEMORY) {
        response.setHeader("Connection", "close");
        return turnAway(request, response);
      }
      const often = request.method === "POST" && visitor !== null && !(await this.#mayBegin(visitor));
      if (room !== "free" || often) {
        this.#refusals.set(request, room === "full" ? "busy" : "too_many_requests");
        response.setHeader("Retry-After", "30");
      }
      next();
    };
  }

  #mayBegin(visitor: string): Promise<boolean> {
    return this.#rate.consume(visitor).then(
      () => true,
      () => false,
    );
  }

  #crowded(): boolean {
    const { places, lettersWaiting, uploadsWaiting } = this.#limits;
    return (
      this.#places.taken > CROWDED * places ||
      this.letters.waiting > CROWDED * lettersWaiting ||
      this.#shortUploads.waiting > CROWDED * uploadsWaiting ||
      this.#longUploads.waiting > CROWDED * uploadsWaiting
    );
  }
}
