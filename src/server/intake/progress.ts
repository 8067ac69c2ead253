import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Texts } from "../../locales/index.js";
import { Lifetime, SharedPool } from "../admission/index.js";

/** What a progress page is told, in order: bytes as they come, then that all have come, then how it ended. */
export type Step =
  | { readonly kind: "receiving"; readonly percent: number }
  | { readonly kind: "storing" | "stored" | "failed" };

type Listener = (step: Step) => void;

const INTERVAL_MS = 250;
const MAX_TOKENS = 20_000;
const MAX_STREAMS = 2_048;

interface Entry {
  readonly texts: Texts;
  listener: Listener | null;
  /** Told to whoever begins to listen late: a short letter may be stored before its progress page has opened. */
  last: Step | null;
}

/**
 * Ties a form to the progress page beside it, by a random token that both carry. Holds nothing about either: a token is
 * forgotten when it has been told that its submission is stored, or when newer ones need the room.
 */
export class ProgressBoard {
  /** In the order of their making. */
  /** Progress pages that are open. */
  readonly streams = new SharedPool({ max: MAX_STREAMS, share: MAX_STREAMS / 32 });
  readonly #tokens = new Map<string, Entry>();
  #following = 0;

  /** Requests that are watched. */
  get following(): number {
    return this.#following;
  }

  issue(texts: Texts): string {
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size >= MAX_TOKENS && oldest !== undefined) this.#tokens.delete(oldest);
    const token = randomBytes(16).toString("hex");
    this.#tokens.set(token, { texts, listener: null, last: null });
    return token;
  }

  textsFor(token: string): Texts | null {
    return this.#tokens.get(token)?.texts ?? null;
  }

  /** Sends the token's steps to `listener`, the latest one to ask; returns how to stop. */
  listen(token: string, listener: Listener): () => void {
    const entry = this.#tokens.get(token);
    if (entry !== undefined) {
      entry.listener = listener;
      if (entry.last !== null) this.#tell(token, entry, entry.last);
    }
    return () => {
      if (entry?.listener === listener) entry.listener = null;
    };
  }

  /** Watches `request` arrive, and tells that it failed unless told otherwise before it ends. */
  follow(token: string | null, request: IncomingMessage): (step: "storing" | "stored" | "failed") => void {
    const entry = token === null ? undefined : this.#tokens.get(token);
    if (token === null || entry === undefined) return () => undefined;
    const expected = Number(request.headers["content-length"] ?? 0);
    const before = request.socket.bytesRead;
    let last = -1;
    const tell = (step: Step) => this.#tell(token, entry, step);
    this.#following += 1;
    const timer = setInterval(() => {
      const arrived = request.socket.bytesRead - before;
      const percent = expected > 0 ? Math.min(100, Math.floor((100 * arrived) / expected)) : 0;
      if (percent !== last) tell({ kind: "receiving", percent });
      last = percent;
    }, INTERVAL_MS);
    let told: "storing" | "stored" | "failed" | null = null;
    const stop = Lifetime.of(request).hold(() => {
      clearInterval(timer);
      this.#following -= 1;
      if (told === null || told === "storing") tell({ kind: "failed" });
    });
    return (kind) => {
      told = kind;
      clearInterval(timer);
      tell({ kind });
      if (kind !== "storing") stop();
    };
  }

  #tell(token: string, entry: Entry, step: Step): void {
    entry.last = step;
    if (entry.listener === null) return;
    if (step.kind === "stored") this.#tokens.delete(token);
    // What becomes of the bar must never decide what becomes of the letter.
    try {
      entry.listener(step);
    } catch {
      entry.listener = null;
    }
  }
}
