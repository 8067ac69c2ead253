import { MessageError } from "./message-error.js";
import { MIN_FIRST_PARTIAL_BYTES, type PacketHeader } from "./packet-header.js";

/** What opens a message: any recipient's secret key, as for a submission, or one password, as for a reply. */
export type MessageLock = "recipients" | "password";

const PKESK = 1;
const SKESK = 3;
const SED = 9;
const SEIPD = 18;
const LIBREPGP_AEAD = 20;
const MAX_RECIPIENTS = 64;
/** A PKESK for RSA with 16 384 bits takes 2 061 bytes. */
export const MAX_SESSION_KEY_BYTES = 4096;

/** The order of packets in an encrypted message: one or more session key packets, then one SEIPD packet. */
export class PacketSequence {
  readonly #lock: MessageLock;
  #sessionKeys = 0;

  constructor(lock: MessageLock) {
    this.#lock = lock;
  }

  /** Whether no packet has come yet. */
  get isEmpty(): boolean {
    return this.#sessionKeys === 0;
  }

  /**
   * Judges the header of the next packet.
   * @throws MessageError
   */
  next(header: PacketHeader): "session_key" | "encrypted_data" {
    if (header.tag === PKESK || header.tag === SKESK) {
      this.#checkSessionKey(header);
      this.#sessionKeys += 1;
      return "session_key";
    }
    if (header.tag === SEIPD) {
      this.#checkEncryptedData(header);
      return "encrypted_data";
    }
    if (header.tag === LIBREPGP_AEAD) {
      throw new MessageError("libre_aead", "the message is encrypted in GnuPG's own way, not that of RFC 9580");
    }
    if (header.tag === SED)
      throw new MessageError("no_integrity", "the message is encrypted without integrity protection");
    throw new MessageError("not_encrypted", "this is OpenPGP data but not an encrypted message");
  }

  #checkSessionKey({ tag, length }: PacketHeader): void {
    if (this.#lock === "recipients" && tag === SKESK) {
      throw new MessageError("password_encrypted", "the message is encrypted with a password, not to a recipient");
    }
    if (this.#lock === "password" && tag === PKESK) {
      throw new MessageError("not_password_encrypted", "the message is encrypted to a recipient, not with a password");
    }
    if (length.partial || length.bytes > MAX_SESSION_KEY_BYTES || length.bytes === 0) {
      throw new MessageError("malformed_packet", "a session key packet has an impossible length");
    }
    if (this.#lock === "password" && this.#sessionKeys === 1) {
      throw new MessageError("too_many_passwords", "a message may be encrypted with one password only");
    }
    if (this.#sessionKeys === MAX_RECIPIENTS) {
      throw new MessageError("too_many_recipients", `a message may have at most ${MAX_RECIPIENTS} recipients`);
    }
  }

  #checkEncryptedData({ length }: PacketHeader): void {
    if (this.#sessionKeys === 0) {
      throw this.#lock === "password"
        ? new MessageError("no_password", "the message is encrypted with no password")
        : new MessageError("no_recipient", "the message names no recipient");
    }
    if (length.partial && length.bytes < MIN_FIRST_PARTIAL_BYTES) {
      throw new MessageError("malformed_packet", "the first portion of the encrypted data is too short");
    }
  }
}
