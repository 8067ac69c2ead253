import { createHash } from "node:crypto";

/** The headers that stay the same when a server sends a message again. Others, such as Received, may change. */
const HEADERS = new Set(["message-id", "date", "from", "to", "subject"]);
/** A longer head is no head: then all bytes count. */
const MAX_HEAD_BYTES = 256 * 1024;
const LF = 0x0a;

/**
 * Digests what identifies a message: some of its headers, and its body. A message that a sending server repeats because
 * our answer was lost has the same digest.
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
    if (end !== null) this.#hash.update(identifyingLines(head.subarray(0, end)));
    this.#hash.update(head.subarray(end ?? 0));
  }

  /** 32 bytes. */
  digest(): Uint8Array {
    if (this.#head !== null) this.#hash.update(identifyingLines(this.#head));
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

/** The lines of {@link HEADERS} with their continuations (RFC 5322 section 2.2.3), as they came. */
function identifyingLines(head: Buffer): string {
  let within = false;
  const lines = head.toString("latin1").split("\n");
  const kept = lines.filter((line) => {
    if (!/^[ \t]/.test(line)) within = HEADERS.has(line.slice(0, line.indexOf(":")).trim().toLowerCase());
    return within;
  });
  return `${kept.length} ${kept.join("\n")}\n\n`;
}
