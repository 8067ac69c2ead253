import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Role } from "./account.js";

/** How long somebody may do nothing, and how long a session lasts at most, in milliseconds. */
const IDLE = 30 * 60 * 1000;
const LONGEST = 12 * 60 * 60 * 1000;

export interface Session {
  readonly name: string;
  readonly role: Role;
  /** Stands in every form; whoever sends one proves that it was ours. */
  readonly csrf: string;
}

interface Kept extends Session {
  readonly begun: number;
  seen: number;
}

/** Who is signed in: in memory only, by the digest of a token that only the browser has. */
export class Sessions {
  readonly #now: () => Date;
  readonly #kept = new Map<string, Kept>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Begins a session under a new token, whatever the browser had before, and returns the token. */
  begin(name: string, role: Role): string {
    this.#forgetOld();
    const token = randomBytes(32).toString("base64url");
    const now = this.#now().getTime();
    const csrf = randomBytes(32).toString("base64url");
    this.#kept.set(digest(token), { name, role, csrf, begun: now, seen: now });
    return token;
  }

  /** Null if there is none, or it has been idle for too long. */
  find(token: string | null): Session | null {
    if (token === null) return null;
    this.#forgetOld();
    const kept = this.#kept.get(digest(token));
    if (kept === undefined) return null;
    kept.seen = this.#now().getTime();
    return kept;
  }

  end(token: string): void {
    this.#kept.delete(digest(token));
  }

  /** Ends every session of somebody who is no longer staff, or has another role now. */
  endAllOf(name: string): void {
    for (const [key, kept] of this.#kept) if (kept.name === name) this.#kept.delete(key);
  }

  #forgetOld(): void {
    const now = this.#now().getTime();
    for (const [key, { seen, begun }] of this.#kept) {
      if (now - seen > IDLE || now - begun > LONGEST) this.#kept.delete(key);
    }
  }
}

export function isSame(left: string, right: string): boolean {
  return timingSafeEqual(createHash("sha256").update(left).digest(), createHash("sha256").update(right).digest());
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
