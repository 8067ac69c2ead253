import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Texts } from "../../locales/index.js";

/** What a progress page is told, in order: bytes as they come, then that all have come, then how it ended. */
export type Step =
  | { readonly kind: "receiving"; readonly percent: number }
  | { readonly kind: "storing" | "stored" | "failed" };

type Listener = (step: Step) => void;

const INTERVAL = 250;
const MOST_TOKENS = 20_000;

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
  readonly #tokens = new Map<string, Entry>();

  issue(texts: Texts): string {
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size >= MOST_TOKENS && oldest !== undefined) this.#tokens.delete(oldest);
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

  /** Watches `request` arrive. An unknown token is watched by nobody. */
  follow(token: string | null, request: IncomingMessage): (step: "storing" | "stored" | "failed") => void {
    const entry = token === null ? undefined : this.#tokens.get(token);
    if (token === null || entry === undefined) return () => undefined;
    const expected = Number(request.headers["content-length"] ?? 0);
    const before = request.socket.bytesRead;
    let last = -1;
    const tell = (step: Step) => this.#tell(token, entry, step);
    const timer = setInterval(() => {
      const arrived = request.socket.bytesRead - before;
      const percent = expected > 0 ? Math.min(100, Math.floor((100 * arrived) / expected)) : 0;
      if (percent !== last) tell({ kind: "receiving", percent });
      last = percent;
    }, INTERVAL);
    return (kind) => {
      clearInterval(timer);
      tell({ kind });
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
