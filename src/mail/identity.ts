import { createHash } from "node:crypto";

/** The headers that stay the same when a server sends a message again. Others, such as Received, may change. */
const HEADERS = new Set(["message-id", "date", "from", "to", "subject"]);
/** A longer head is no head: then all bytes count. */
const MAX_HEAD_BYTES = 256 * 1024;
const LF = 0x0a;

/**
 * Digests what identifies a message: some of its headers and its body, or all of it if it has no id. A message that a
 * sending server repeats because our answer was lost has the same digest. Two letters never have: one would be lost.
 */
export class MessageIdentity {
  readonly #hash = createHash("sha256");
  /** Null once the head has ended. */
  #head: Buffer | null = Buffer.alloc(0);
  /** Where the search for the end of the head goes on. */
  #searched = 0;

  update(chunk: Uint8Array): void {
    if (this.#head === null) return void this.#hash.update(chunk);
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#headEnd(this.#head);
    if (end === null && this.#head.length <= MAX_HEAD_BYTES) return;
    const head = this.#head;
    this.#head = null;
    const lines = end === null ? null : identifyingLines(head.subarray(0, end));
    if (end !== null && lines !== null) this.#hash.update(lines).update(head.subarray(end));
    else this.#hash.update(head);
  }

  /** 32 bytes. */
  digest(): Uint8Array {
    if (this.#head !== null) this.#hash.update(this.#head);
    return new Uint8Array(this.#hash.digest());
  }

  /** Where the empty line begins that ends the head. */
  #headEnd(head: Buffer): number | null {
    for (let at = head.indexOf(LF, this.#searched); at !== -1; at = head.indexOf(LF, at + 1)) {
      const next = head[at + 1];
      if (next === LF || (next === 0x0d && head[at + 2] === LF)) return at + 1;
      this.#searched = Math.max(0, at);
    }
    return null;
  }
}

/** The lines of {@link HEADERS} with their continuations (RFC 5322 section 2.2.3); null if none of them is an id. */
function identifyingLines(head: Buffer): string | null {
  let within = false;
  let hasId = false;
  const lines = head.toString("latin1").split("\n");
  const kept = lines.filter((line) => {
    if (!/^[ \t]/.test(line)) {
      const name = line.slice(0, line.indexOf(":")).trim().toLowerCase();
      within = HEADERS.has(name);
      hasId ||= name === "message-id";
    }
    return within;
  });
  return hasId ? `${kept.length} ${kept.join("\n")}\n\n` : null;
}
