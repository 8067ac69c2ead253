import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Account, Role } from "./account.js";

const IDLE_TIMEOUT_MS = 30 * 60 * 1000;
const MAX_SESSION_MS = 12 * 60 * 60 * 1000;

export interface Session {
  /** The id of the account. */
  readonly account: string;
  readonly name: string;
  readonly role: Role;
  /** In every form, to prove that the form came from our page. */
  readonly csrf: string;
}

interface StoredSession extends Session {
  readonly begun: number;
  seen: number;
}

/** Sessions, in memory only, by the SHA-256 of a token that only the browser has. */
export class Sessions {
  readonly #now: () => Date;
  readonly #kept = new Map<string, StoredSession>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Starts a session and returns its token: always a new one, against session fixation. */
  begin({ id, name, role }: Pick<Account, "id" | "name" | "role">): string {
    this.#removeExpired();
    const token = randomBytes(32).toString("base64url");
    const now = this.#now().getTime();
    const csrf = randomBytes(32).toString("base64url");
    this.#kept.set(digest(token), { account: id, name, role, csrf, begun: now, seen: now });
    return token;
  }

  /** The session of a token; null if there is none or it has expired. */
  find(token: string | null): Session | null {
    if (token === null) return null;
    this.#removeExpired();
    const kept = this.#kept.get(digest(token));
    if (kept === undefined) return null;
    kept.seen = this.#now().getTime();
    return kept;
  }

  end(token: string): void {
    this.#kept.delete(digest(token));
  }

  /** Ends every session of an account that was removed. */
  endAllOf({ id }: Pick<Account, "id">): void {
    for (const [key, { account }] of this.#kept) if (account === id) this.#kept.delete(key);
  }

  #removeExpired(): void {
    const now = this.#now().getTime();
    for (const [key, { seen, begun }] of this.#kept) {
      if (now - seen > IDLE_TIMEOUT_MS || now - begun > MAX_SESSION_MS) this.#kept.delete(key);
    }
  }
}

/** Compares in constant time. */
export function isSame(left: string, right: string): boolean {
  return timingSafeEqual(createHash("sha256").update(left).digest(), createHash("sha256").update(right).digest());
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
