import { Fault } from "../../core/index.js";
import {
  type BodyLength,
  PacketError,
  type PacketFault,
  type PacketHeader,
  readBodyLength,
  readPacketHeader,
  SMALLEST_FIRST_PARTIAL,
} from "./packet-header.js";
import { checkPasswordPacket } from "./password-packet.js";
import { type RecipientHint, readSessionKeyPacket } from "./session-key-packet.js";

export type MessageFault =
  | PacketFault
  | "empty"
  | "armored"
  | "not_encrypted"
  | "password_encrypted"
  | "no_recipient"
  | "too_many_recipients"
  | "truncated"
  | "trailing_data"
  | "not_password_encrypted"
  | "no_password"
  | "too_many_passwords";

export class MessageError extends Fault<MessageFault> {}

/** What opens a message: the secret key of any of its recipients, as a submission's, or one password, as a reply's. */
export type MessageLock = "recipients" | "password";

/** How the contents are protected (RFC 9580 section 5.13). */
export type Protection =
  | { readonly version: 1 }
  | { readonly version: 2; readonly cipher: number; readonly aead: number; readonly chunkSizeByte: number };

export interface MessageReport {
  /** None if it is encrypted with a password. */
  readonly recipients: readonly RecipientHint[];
  readonly protection: Protection;
  /** Bytes of the whole message. */
  readonly bytes: number;
}

/** Armor begins with five hyphens, which no packet begins with. */
const HYPHEN = 0x2d;
const PKESK = 1;
const SKESK = 3;
const SEIPD = 18;
const MOST_RECIPIENTS = 64;
/** Longest session key packet that is looked into: RSA with 16 384 bits needs 2 061 bytes. */
const LONGEST_SESSION_KEY = 4096;
/** Version 1: version byte, block of random data with two repeated bytes, modification detection packet. */
const SMALLEST_V1 = 1 + 18 + 22;
/** Version 2: version, cipher, AEAD, chunk size, 32 bytes of salt; then at least the final authentication tag. */
const V2_HEADER = 36;
const SMALLEST_V2 = V2_HEADER + 16;
const AES = new Set([7, 8, 9]);
const AEAD = new Set([1, 2, 3]);

/**
 * Answers, chunk by chunk and in constant memory: is this one encrypted OpenPGP message and nothing else? That is one or
 * more PKESK packets, or for the lock `password` exactly one SKESK packet; then one SEIPD packet, the end. The contents
 * cannot be judged without the key, only their framing.
 */
export class MessageInspector {
  readonly #lock: MessageLock;
  readonly #recipients: RecipientHint[] = [];
  #protection: Protection | undefined;
  #bytes = 0;
  /** Bytes waiting until a header or a session key packet is whole; never over LONGEST_SESSION_KEY. */
  #held: Uint8Array = new Uint8Array(0);
  /** The packet whose body is being read. */
  #packet: PacketHeader | undefined;
  /** Bytes still to come in the present portion of an SEIPD body, and how many its portions had in all. */
  #portion: BodyLength = { bytes: 0, partial: false };
  #bodyBytes = 0;
  #finished = false;
  /** Session key packets that have begun. */
  #sessionKeys = 0;

  constructor(lock: MessageLock = "recipients") {
    this.#lock = lock;
  }

  /** @throws MessageError */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    let rest = chunk;
    try {
      while (rest.length > 0) rest = this.#packet?.tag === SEIPD ? this.#readBody(rest) : this.#readAhead(rest);
    } catch (cause) {
      throw explain(cause);
    }
  }

  /** @throws MessageError */
  finish(): MessageReport {
    if (this.#bytes === 0) throw new MessageError("empty", "there is nothing here");
    if (!this.#finished || this.#protection === undefined) {
      throw new MessageError("truncated", "the message ends too early");
    }
    return { recipients: this.#recipients, protection: this.#protection, bytes: this.#bytes };
  }

  /** Gathers one packet header, byte by byte, or one session key packet; returns the bytes left over. */
  #readAhead(chunk: Uint8Array): Uint8Array {
    if (this.#finished) throw new MessageError("trailing_data", "something follows the encrypted message");
    const wanted = this.#packet === undefined ? 1 : this.#packet.length.bytes - this.#held.length;
    this.#held = concat(this.#held, chunk.subarray(0, wanted));
    if (this.#packet === undefined) {
      if (this.#sessionKeys === 0 && this.#held[0] === HYPHEN) {
        throw new MessageError("armored", "this is armored: it must be binary here");
      }
      const read = readPacketHeader(this.#held);
      if (read !== null) {
        this.#held = new Uint8Array(0);
        this.#begin(read.header);
      }
    } else if (this.#held.length === this.#packet.length.bytes) {
      if (this.#lock === "password") checkPasswordPacket(this.#held);
      else this.#recipients.push(readSessionKeyPacket(this.#held));
      this.#held = new Uint8Array(0);
      this.#packet = undefined;
    }
    return chunk.subarray(wanted);
  }

  #begin(header: PacketHeader): void {
    if (header.tag === PKESK || header.tag === SKESK) {
      this.#beginSessionKey(header);
    } else if (header.tag === SEIPD) {
      if (this.#sessionKeys === 0) {
        throw this.#lock === "password"
          ? new MessageError("no_password", "the message is encrypted with no password")
          : new MessageError("no_recipient", "the message names no recipient");
      }
      if (header.length.partial && header.length.bytes < SMALLEST_FIRST_PARTIAL) {
        throw new MessageError("malformed_packet", "the first portion of the encrypted data is too short");
      }
      this.#portion = header.length;
      this.#bodyBytes = header.length.bytes;
      if (header.length.bytes === 0) this.#end();
    } else if (header.tag === 20 || header.tag === 9) {
      throw new MessageError("unsupported", "the message is encrypted in a way that is not standard OpenPGP");
    } else {
      throw new MessageError("not_encrypted", "this is OpenPGP data but not an encrypted message");
    }
    this.#packet = header;
  }

  #beginSessionKey({ tag, length }: PacketHeader): void {
    if (this.#lock === "recipients" && tag === SKESK) {
      throw new MessageError("password_encrypted", "the message is encrypted with a password, not to a recipient");
    }
    if (this.#lock === "password" && tag === PKESK) {
      throw new MessageError("not_password_encrypted", "the message is encrypted to a recipient, not with a password");
    }
    if (length.partial || length.bytes > LONGEST_SESSION_KEY || length.bytes === 0) {
      throw new MessageError("malformed_packet", "a session key packet has an impossible length");
    }
    if (this.#lock === "password" && this.#sessionKeys === 1) {
      throw new MessageError("too_many_passwords", "a message may be encrypted with one password only");
    }
    if (this.#sessionKeys === MOST_RECIPIENTS) {
      throw new MessageError("too_many_recipients", `a message may have at most ${MOST_RECIPIENTS} recipients`);
    }
    this.#sessionKeys += 1;
  }

  #readBody(chunk: Uint8Array): Uint8Array {
    if (this.#finished) throw new MessageError("trailing_data", "something follows the encrypted message");
    if (this.#portion.bytes === 0) {
      // A partial portion has ended: the next length bytes stand between it and the next portion.
      this.#held = concat(this.#held, chunk.subarray(0, 1));
      const read = readBodyLength(this.#held);
      if (read !== null) {
        this.#held = new Uint8Array(0);
        this.#portion = read.length;
        this.#bodyBytes += read.length.bytes;
        if (read.length.bytes === 0) this.#end();
      }
      return chunk.subarray(1);
    }
    if (this.#protection === undefined) return this.#readProtection(chunk);
    return this.#skip(chunk);
  }

  /** Holds the first bytes of the body until they tell how the contents are protected. */
  #readProtection(chunk: Uint8Array): Uint8Array {
    const version = this.#held[0] ?? chunk[0];
    const wanted = Math.min(version === 1 ? 1 : V2_HEADER, this.#portion.bytes + this.#held.length);
    const taken = Math.min(wanted - this.#held.length, chunk.length);
    this.#held = concat(this.#held, chunk.subarray(0, taken));
    if (this.#held.length === wanted) {
      this.#protection = readProtection(this.#held, this.#dataVersions());
      this.#held = new Uint8Array(0);
    }
    return this.#skip(chunk, taken);
  }

  /** The SEIPD version that each session key packet goes with (RFC 9580 section 10.3.2.1). */
  #dataVersions(): readonly number[] {
    return this.#lock === "password" ? [1] : this.#recipients.map(({ version }) => (version === 3 ? 1 : 2));
  }

  #skip(chunk: Uint8Array, most = chunk.length): Uint8Array {
    const taken = Math.min(most, this.#portion.bytes);
    this.#portion = { bytes: this.#portion.bytes - taken, partial: this.#portion.partial };
    if (this.#portion.bytes === 0 && !this.#portion.partial) this.#end();
    return chunk.subarray(taken);
  }

  #end(): void {
    const smallest = this.#protection?.version === 2 ? SMALLEST_V2 : SMALLEST_V1;
    if (this.#protection === undefined || this.#bodyBytes < smallest) {
      throw new MessageError("malformed_packet", "the encrypted data is too short to be any");
    }
    this.#finished = true;
  }
}

/** @param expected the versions that the session keys before it go with */
function readProtection(header: Uint8Array, expected: readonly number[]): Protection {
  const [version, cipher = 0, aead = 0, chunkSizeByte = 0] = header;
  if (version !== 1 && version !== 2)
    throw new MessageError("unsupported", "the encrypted data has an unknown version");
  if (expected.some((other) => other !== version)) {
    throw new MessageError("malformed_packet", "session keys and encrypted data have versions that do not go together");
  }
  if (version === 1) return { version };
  if (header.length < V2_HEADER)
    throw new MessageError("malformed_packet", "the encrypted data is too short to be any");
  if (!AES.has(cipher) || !AEAD.has(aead) || chunkSizeByte > 16) {
    throw new MessageError("unsupported", "the encrypted data uses a cipher that is not accepted");
  }
  return { version, cipher, aead, chunkSizeByte };
}

/** Reads `stream` to its end. @throws MessageError */
export async function inspectMessage(
  stream: ReadableStream<Uint8Array>,
  lock: MessageLock = "recipients",
): Promise<MessageReport> {
  const inspector = new MessageInspector(lock);
  const reader = stream.getReader();
  try {
    // Not every browser can iterate over a stream.
    for (let next = await reader.read(); !next.done; next = await reader.read()) inspector.push(next.value);
  } catch (cause) {
    await reader.cancel(cause).catch(() => undefined);
    throw cause;
  }
  return inspector.finish();
}

/** Passes a message through unchanged, failing at the first byte that cannot belong to one. */
export function messageGuard(lock: MessageLock = "recipients"): TransformStream<Uint8Array, Uint8Array> {
  const inspector = new MessageInspector(lock);
  return new TransformStream({
    transform(chunk, controller) {
      inspector.push(chunk);
      controller.enqueue(chunk);
    },
    flush() {
      inspector.finish();
    },
  });
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

function explain(cause: unknown): unknown {
  return cause instanceof PacketError ? new MessageError(cause.code, cause.message, { cause }) : cause;
}
