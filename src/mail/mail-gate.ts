import { RateLimiterMemory } from "rate-limiter-flexible";
import { type PoolLimits, SharedPool, type Visitors } from "../server/admission/index.js";
import { SmtpRefusal } from "./smtp-refusal.js";

export interface MailGateLimits {
  readonly connections: PoolLimits;
  /** Messages that arrive or are stored at one time. */
  readonly messages: PoolLimits;
  /** Messages that one network may begin in a minute, and all networks together. */
  readonly perMinute: number;
  readonly allPerMinute: number;
  /** For so long a message may be slower than 1 KiB/s. After that it gives way if half of the places are taken. */
  readonly slowMs: number;
}

const MIN_BYTES_A_SECOND = 1024;

/** A provider's network sends for many people, and sends again what is refused for now. */
export const MAIL_GATE_LIMITS: MailGateLimits = {
  connections: { max: 1_000, share: 200 },
  messages: { max: 256, share: 128 },
  perMinute: 600,
  allPerMinute: 12_000,
  slowMs: 60_000,
};

/** Shares the mail server out among the networks that send, as the portal is shared among its visitors. */
export class MailGate {
  readonly #visitors: Visitors;
  readonly #connections: SharedPool;
  readonly #messages: SharedPool;
  readonly #own: RateLimiterMemory;
  readonly #all: RateLimiterMemory;
  /** By session id, of the open connections. */
  readonly #open = new Map<string, string | null>();
  readonly #limits: MailGateLimits;

  constructor(visitors: Visitors, limits: MailGateLimits = MAIL_GATE_LIMITS) {
    this.#visitors = visitors;
    this.#limits = limits;
    this.#connections = new SharedPool(limits.connections);
    this.#messages = new SharedPool(limits.messages);
    this.#own = new RateLimiterMemory({ points: limits.perMinute, duration: 60 });
    this.#all = new RateLimiterMemory({ points: limits.allPerMinute, duration: 60 });
  }

  /** What is held by name: all zero when nothing is under way. */
  census(): Readonly<Record<string, number>> {
    return { connections: this.#connections.taken, messages: this.#messages.taken };
  }

  /** @throws SmtpRefusal */
  connect(session: string, address: string): void {
    const visitor = this.#visitors.ofAddress(address);
    if (this.#connections.take(visitor) !== null) throw new SmtpRefusal("too_many_connections");
    this.#open.set(session, visitor);
  }

  disconnect(session: string): void {
    const visitor = this.#open.get(session);
    if (visitor !== undefined) this.#connections.give(visitor);
    this.#open.delete(session);
  }

  /** Null where visitors cannot be told apart. */
  visitor(session: string): string | null {
    return this.#open.get(session) ?? null;
  }

  /** @throws SmtpRefusal */
  async begin(session: string): Promise<void> {
    const visitor = this.visitor(session);
    try {
      if (visitor !== null) await this.#own.consume(visitor);
      await this.#all.consume("all");
    } catch {
      throw new SmtpRefusal("too_many_letters");
    }
  }

  /** Calls `drop` once the message that has brought `bytes()` is too slow for others. @returns how to stop it */
  watch(bytes: () => number, drop: () => void): () => void {
    const { slowMs, messages } = this.#limits;
    const begun = performance.now();
    const timer = setInterval(() => {
      const seconds = (performance.now() - begun) / 1000;
      const isCrowded = 2 * this.#messages.taken > messages.max;
      if (isCrowded && bytes() < MIN_BYTES_A_SECOND * seconds) drop();
    }, slowMs);
    return () => clearInterval(timer);
  }

  /** Counts an address that is not ours as a message of its network: nobody tries out many. @throws SmtpRefusal */
  async refuse(session: string): Promise<never> {
    const visitor = this.visitor(session);
    if (visitor !== null) {
      await this.#own.consume(visitor).catch(() => {
        throw new SmtpRefusal("too_many_letters");
      });
    }
    throw new SmtpRefusal("not_ours");
  }

  /**
   * Takes a place for a message.
   * @returns how to give it back
   * @throws SmtpRefusal
   */
  take(session: string): () => void {
    const visitor = this.visitor(session);
    if (this.#messages.take(visitor) !== null) throw new SmtpRefusal("busy");
    return () => this.#messages.give(visitor);
  }
}
