import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Refusal } from "../http/index.js";
import { Connections } from "./connections.js";
import { FairQueue } from "./fair-queue.js";
import { type GateLimits, LETTER_WAIT_MS, UPLOAD_WAIT_MS } from "./gate-limits.js";
import { Lifetime } from "./lifetime.js";
import { MinimumRate } from "./minimum-rate.js";
import { Overload } from "./overload.js";
import { VisitorRate } from "./rate-limit.js";
import { SharedPool } from "./shared-pool.js";
import type { ClientSource, Visitors } from "./visitors.js";

/** With so many at most, the portal is not crowded, whatever memory it takes. */
const QUIET_PLACES = 64;
/** Text of each request that is not counted: every place may have so much. */
const FREE_TEXT_BYTES = 32 * 1024;
/** Bytes up to which an upload is a short one, as a letter is: checking it takes next to no memory or time. */
const MAX_SHORT_UPLOAD_BYTES = 1024 * 1024;
/** Part of the places, or of those who may wait, from which on the portal is overloaded. */
const CROWDED = 0.5;
const BRINGING = new Set(["POST", "PATCH", "DELETE"]);

const REFUSAL = Symbol("refusal");

interface Refused extends IncomingMessage {
  [REFUSAL]?: AdmissionRefusal;
}

/** Why a request is not taken although nothing is wrong with it. */
export type AdmissionRefusal = Extract<Refusal, "busy" | "too_many_requests">;

/** Shares the portal out among its visitors. What it counts is released by each request's {@link Lifetime}. */
export class Gate {
  readonly connections: Connections;
  /** Letters that are encrypted here. */
  readonly letters: FairQueue;
  readonly #shortUploads: FairQueue;
  readonly #longUploads: FairQueue;
  readonly #limits: GateLimits;
  readonly #visitors: Visitors;
  readonly #places: SharedPool;
  /** Requests over a share, or over all places: read so that the page can give the letter back, and refused. */
  readonly #excess: SharedPool;
  readonly #text: SharedPool;
  readonly #rate: VisitorRate;
  readonly #minimumRate = new MinimumRate();
  readonly #overload: Overload;

  constructor(visitors: Visitors, limits: GateLimits) {
    const { places, share } = limits;
    this.#visitors = visitors;
    this.#limits = limits;
    this.connections = new Connections(new SharedPool(limits.connections), visitors);
    this.#places = new SharedPool({ max: places, share });
    this.#excess = new SharedPool({ max: places, share: Math.ceil(share / 8) });
    this.#text = new SharedPool(limits.textBytes);
    this.#rate = new VisitorRate(limits.perMinute, 60);
    this.letters = new FairQueue({
      parallel: limits.lettersParallel,
      maxWaiting: limits.lettersWaiting,
      waitTimeoutMs: LETTER_WAIT_MS,
    });
    const uploads = { maxWaiting: limits.uploadsWaiting, waitTimeoutMs: UPLOAD_WAIT_MS };
    this.#shortUploads = new FairQueue({ ...uploads, parallel: limits.uploadsParallel });
    this.#longUploads = new FairQueue({ ...uploads, parallel: limits.longUploadsParallel });
    this.#overload = new Overload({
      maxDelayMs: limits.maxDelayMs,
      crowded: () => this.#crowded(),
      onOverload: () => this.#minimumRate.enforce(),
    });
  }

  /** Whether browsers must prove some work before they begin an upload. */
  get overloaded(): boolean {
    return this.#overload.on;
  }

  /** Whether no more bodies are taken from visitors that nobody can tell apart. */
  get full(): boolean {
    return this.#places.refusal(null, 1) !== null;
  }

  /** The queue of uploads of so many bytes that wait to be checked and stored. */
  uploads(bytes: number): FairQueue {
    return bytes > MAX_SHORT_UPLOAD_BYTES ? this.#longUploads : this.#shortUploads;
  }

  visitor(request: IncomingMessage): string | null {
    return this.#visitors.of(request);
  }

  /** Has the connections of `server` admitted, and told apart by `source`. To be called before it listens. */
  guard(server: Server, source: ClientSource): void {
    this.connections.watch(server);
    this.#visitors.watch(server, source);
  }

  /** What was decided when `request` came. Its body is read all the same, so that the page can give the letter back. */
  refusal(request: IncomingMessage): AdmissionRefusal | null {
    return (request as Refused)[REFUSAL] ?? null;
  }

  /** Whether so many bytes more of the texts of `request` may be kept in memory until it ends. */
  textRoom(request: IncomingMessage): (bytes: number) => boolean {
    const visitor = this.visitor(request);
    let free = FREE_TEXT_BYTES;
    let held = 0;
    Lifetime.of(request).hold(() => this.#text.give(visitor, held));
    return (bytes) => {
      const counted = Math.max(0, bytes - free);
      free -= bytes - counted;
      if (counted > 0 && this.#text.take(visitor, counted) !== null) return false;
      held += counted;
      return true;
    };
  }

  /**
   * Does `work` when it is the turn of who sent `request`: for what keeps the event loop busy after a body has come, as
   * many at once would keep new connections waiting.
   * @throws what `work` throws
   */
  inTurn<Value>(request: IncomingMessage, work: () => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.connections.turns.begin(this.visitor(request), () => {
        try {
          resolve(work());
        } catch (cause) {
          reject(cause);
        }
      });
    });
  }

  stop(): void {
    this.#overload.stop();
  }

  /** Everything that is counted, by name: all zero when no request is under way. */
  census(): Readonly<Record<string, number>> {
    return {
      held: this.connections.held,
      places: this.#places.taken,
      excess: this.#excess.taken,
      turns: this.connections.turns.waiting,
      text: this.#text.taken,
      rates: this.#minimumRate.watched,
      letters: this.letters.size,
      shortUploads: this.#shortUploads.size,
      longUploads: this.#longUploads.size,
    };
  }

  /**
   * Gives every request a place, and decides about it.
   * @param turnAway answers a request whose body is not even read
   */
  watch<Asked extends IncomingMessage, Answer extends ServerResponse>(
    turnAway: (request: Asked, response: Answer) => void,
  ) {
    return async (request: Asked, response: Answer, next: () => void): Promise<void> => {
      const visitor = this.visitor(request);
      const lifetime = Lifetime.of(request);
      const away = () => {
        response.setHeader("Connection", "close").setHeader("Retry-After", "10");
        turnAway(request, response);
      };
      if (!BRINGING.has(request.method ?? "")) return next();
      const refused = this.#places.take(visitor);
      const pool = refused === null ? this.#places : this.#excess;
      if (refused !== null && this.#excess.take(visitor) !== null) return away();
      lifetime.hold(() => pool.give(visitor));
      const { maxMemoryBytes } = this.#limits;
      if (this.#overload.memoryBytes > maxMemoryBytes && this.#places.taken > QUIET_PLACES) return away();
      this.#minimumRate.begin(request);
      lifetime.hold(() => this.#minimumRate.end(request));
      const often = request.method === "POST" && visitor !== null && !(await this.#rate.mayPass(visitor));
      if (refused !== null || often) {
        (request as Refused)[REFUSAL] = refused === "full" ? "busy" : "too_many_requests";
        response.setHeader("Retry-After", "30");
      }
      next();
    };
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
