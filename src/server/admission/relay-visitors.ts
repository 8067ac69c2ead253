import { createHmac, timingSafeEqual } from "node:crypto";
import { DAY_MS } from "../../core/index.js";

/** In which a relay names its visitor: `DAY.NAME.PROOF`, as docs/RELAY.md says. */
export const VISITOR_HEADER = "postern-visitor";

const NAME_BYTES = 16;
/** As bytes in base64url: 16 of the name, 32 of the proof. */
const INTRODUCTION = /^(\d{4}-\d{2}-\d{2})\.([\w-]{22})\.([\w-]{43})$/;

/** All visitors of a relay together may have so many times what one visitor may. */
export const RELAY_TIMES = 2;

/**
 * What a relay says of its visitor to the portal that it shares `secret` with.
 * @param visitor what the relay tells visitors apart by: a hash under a key that is only in its memory
 * @param purpose the visitor has another name for each, so that no name links an upload to a mailbox
 */
export function introduce(secret: Uint8Array, visitor: string, purpose: string, now: Date): string {
  const digest = createHmac("sha256", visitor).update(purpose).digest();
  const name = digest.subarray(0, NAME_BYTES).toString("base64url");
  const day = now.toISOString().slice(0, 10);
  return `${day}.${name}.${proofOf(secret, day, name).toString("base64url")}`;
}

/** The relays that share a secret with this portal. It believes nobody else what they say of a visitor. */
export class KnownRelays {
  readonly #secrets: readonly Uint8Array[];

  constructor(secrets: readonly Uint8Array[]) {
    this.#secrets = secrets;
  }

  /** Whom a relay's header names, as one of that relay's visitors; null for one that is missing, old or forged. */
  visitorOf(header: string | readonly string[] | undefined, now: Date): string | null {
    if (this.#secrets.length === 0 || typeof header !== "string") return null;
    const [, day = "", name = "", proof = ""] = INTRODUCTION.exec(header) ?? [];
    // Clocks of volunteers may be wrong by some hours.
    if (!(Math.abs(Date.parse(day) + DAY_MS / 2 - now.getTime()) <= 1.5 * DAY_MS)) return null;
    const given = Buffer.from(proof, "base64url");
    const index = this.#secrets.findIndex((secret) => timingSafeEqual(proofOf(secret, day, name), given));
    return index < 0 ? null : `relay-${index}:${name}`;
  }
}

/** The relay that `visitor` came through, which proved it; null for all others, and for a relay itself. */
export function relayOf(visitor: string | null): string | null {
  const end = visitor?.indexOf(":") ?? -1;
  return visitor === null || end < 0 ? null : visitor.slice(0, end);
}

/** Whose turns and bounds `visitor` has: the relay that it came through, or its own. */
export function holderOf(visitor: string | null): string | null {
  return relayOf(visitor) ?? visitor;
}

function proofOf(secret: Uint8Array, day: string, name: string): Buffer {
  return createHmac("sha256", secret).update(`postern visitor\n${day}.${name}`).digest();
}
