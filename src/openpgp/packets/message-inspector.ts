import { concat } from "./concat.js";
import { EncryptedDataReader, type Protection } from "./encrypted-data-reader.js";
import { MessageError } from "./message-error.js";
import { indeterminateTag, PacketError, type PacketHeader, readPacketHeader } from "./packet-header.js";
import { type MessageLock, PacketSequence } from "./packet-sequence.js";
import { checkPasswordPacket } from "./password-packet.js";
import { type RecipientHint, readSessionKeyPacket } from "./session-key-packet.js";

export interface MessageReport {
  /** Empty if the message is encrypted with a password. */
  readonly recipients: readonly RecipientHint[];
  readonly protection: Protection;
  /** Bytes of the whole message. */
  readonly bytes: number;
}

/** ASCII armor begins with a hyphen; a packet's first byte has its high bit set. */
const HYPHEN = 0x2d;

/**
 * Checks chunk by chunk, in constant memory, that a stream is exactly one encrypted OpenPGP message: one or more PKESK
 * packets, or for the lock `password` one SKESK packet; then one SEIPD packet; then the end (RFC 9580 section 10.3).
 * Without the key it can judge only the framing of the contents.
 */
export class MessageInspector {
  readonly #lock: MessageLock;
  readonly #sequence: PacketSequence;
  readonly #recipients: RecipientHint[] = [];
  #bytes = 0;
  /** An incomplete header or session key packet: at most MAX_SESSION_KEY_BYTES. */
  #held: Uint8Array = new Uint8Array(0);
  /** The session key packet whose body is being read. */
  #sessionKey: PacketHeader | undefined;
  #data: EncryptedDataReader | undefined;

  constructor(lock: MessageLock = "recipients") {
    this.#lock = lock;
    this.#sequence = new PacketSequence(lock);
  }

  /** Whom the message is for, once it has said so: null until its contents begin. */
  get recipients(): readonly RecipientHint[] | null {
    return this.#data === undefined ? null : this.#recipients;
  }

  /** @throws MessageError */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    let rest = chunk;
    try {
      while (rest.length > 0) rest = this.#take(rest);
    } catch (cause) {
      throw cause instanceof PacketError ? new MessageError(cause.code, cause.message, { cause }) : cause;
    }
  }

  /** @throws MessageError */
  finish(): MessageReport {
    if (this.#bytes === 0) throw new MessageError("empty", "there is nothing here");
    const protection = this.#data?.protection;
    if (protection === undefined) throw new MessageError("truncated", "the message ends too early");
    return { recipients: this.#recipients, protection, bytes: this.#bytes };
  }

  /** Takes some of `chunk`, and returns the rest. */
  #take(chunk: Uint8Array): Uint8Array {
    if (this.#data?.protection) throw new MessageError("trailing_data", "something follows the encrypted message");
    if (this.#data) return this.#data.push(chunk);
    return this.#sessionKey ? this.#readSessionKey(chunk, this.#sessionKey) : this.#readHeader(chunk);
  }

  /** Byte by byte, since only the header itself tells its length. */
  #readHeader(chunk: Uint8Array): Uint8Array {
    this.#held = concat(this.#held, chunk.subarray(0, 1));
    if (this.#sequence.isEmpty && this.#held[0] === HYPHEN) {
      throw new MessageError("armored", "this is armored: it must be binary here");
    }
    const indeterminate = indeterminateTag(this.#held[0] ?? 0);
    // No packet of a message that is accepted has one: what it is tells what is wrong.
    if (indeterminate !== null) this.#sequence.next({ tag: indeterminate, length: { bytes: 0, partial: true } });
    const read = readPacketHeader(this.#held);
    if (read !== null) {
      this.#held = new Uint8Array(0);
      if (this.#sequence.next(read.header) === "session_key") this.#sessionKey = read.header;
      else this.#data = new EncryptedDataReader(read.header.length, this.#dataVersions());
    }
    return chunk.subarray(1);
  }

  #readSessionKey(chunk: Uint8Array, { length }: PacketHeader): Uint8Array {
    const wanted = length.bytes - this.#held.length;
    this.#held = concat(this.#held, chunk.subarray(0, wanted));
    if (this.#held.length === length.bytes) {
      if (this.#lock === "password") checkPasswordPacket(this.#held);
      else this.#recipients.push(readSessionKeyPacket(this.#held));
      this.#held = new Uint8Array(0);
      this.#sessionKey = undefined;
    }
    return chunk.subarray(wanted);
  }

  /** The SEIPD version that each session key packet goes with (RFC 9580 section 10.3.2.1). */
  #dataVersions(): readonly number[] {
    return this.#lock === "password" ? [1] : this.#recipients.map(({ version }) => (version === 3 ? 1 : 2));
  }
}

/**
 * Reads `stream` to its end.
 * @throws MessageError; errors of the stream itself pass unchanged
 */
export async function inspectMessage(
  stream: ReadableStream<Uint8Array>,
  lock: MessageLock = "recipients",
): Promise<MessageReport> {
  const inspector = new MessageInspector(lock);
  const reader = stream.getReader();
  try {
    // No `for await`: some browsers cannot iterate a stream.
    for (let next = await reader.read(); !next.done; next = await reader.read()) inspector.push(next.value);
  } catch (cause) {
    await reader.cancel(cause).catch(() => undefined);
    throw cause;
  }
  return inspector.finish();
}
