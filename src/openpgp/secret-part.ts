import { enums, SecretKeyPacket, SecretSubkeyPacket } from "openpgp";
import { toHex } from "../core/index.js";

/**
 * What keeps a secret key packet closed. `passphrase`: a passphrase opens it. `card`: its secret is on a smart card.
 * `absent`: its secret is somewhere else. `weak`: it is protected in a way that openpgp.js refuses. `costly`: its
 * passphrase costs more memory or time than we spend. `unsupported`: its kind or its protection is unknown.
 */
export type Lock = "passphrase" | "card" | "absent" | "weak" | "costly" | "unsupported";

/** One key or subkey of a ring, as people see it. */
export interface KeyPart {
  /** Upper-case hex; empty if the packet cannot be read. */
  readonly fingerprint: string;
  /** Fingerprint of the key that it belongs to; its own if it is no subkey. */
  readonly primary: string;
  /** The first user id of that key, as it stands there. */
  readonly userId: string;
  /** Null once it is open. */
  readonly lock: Lock | null;
}

/** Secret-Key and Secret-Subkey packets (RFC 9580 section 5). */
export const SECRET_KEY = 5;
export const SECRET_SUBKEY = 7;

/** A packet of an RSA key with 16 384 bits takes 7 KiB. Longer numbers would cost minutes. */
const MAX_PACKET_BYTES = 10 * 1024;
/** 2 GiB, the most that RFC 9580 recommends (section 3.7.1.4). */
const MAX_ARGON2_EXPONENT = 21;
/** KiB times passes: four times the most that RFC 9580 recommends. */
const MAX_ARGON2_WORK = 4 * 2 ** MAX_ARGON2_EXPONENT;
const SALT_BYTES: Readonly<Record<string, number>> = { iterated: 8, salted: 8, argon2: 16 };
/** S2K usage bytes (RFC 9580 section 3.7.2). */
const AEAD = 253;
const CFB = 254;
/** Extension modes of GnuPG's S2K type 101 (its doc/DETAILS). */
const GNU_MODE_CARD = 2;

/** Fields that openpgp.js leaves out of its type declarations. */
interface PacketFields {
  readonly s2kUsage: number;
  readonly s2k: {
    readonly type: string;
    readonly salt?: Uint8Array | null;
    /** Argon2: passes, lanes, and the exponent of its memory in KiB. */
    readonly t?: number;
    readonly p?: number;
    readonly encodedM?: number;
  } | null;
  readonly iv?: Uint8Array;
  readonly keyMaterial: Uint8Array | null;
  /** From the S2K usage byte on, if openpgp.js does not know what follows it. */
  readonly unparseableKeyMaterial?: Uint8Array;
}

type SecretPacket = SecretKeyPacket | SecretSubkeyPacket;

const DECRYPTS: ReadonlySet<enums.publicKey> = new Set([
  enums.publicKey.rsaEncryptSign,
  enums.publicKey.rsaEncrypt,
  enums.publicKey.elgamal,
  enums.publicKey.ecdh,
  enums.publicKey.x25519,
  enums.publicKey.x448,
]);

/** A secret key packet that may decrypt, and its lock. */
export class SecretPart {
  readonly #packet: SecretPacket | null;
  readonly #primary: string;
  readonly #userId: string;
  #lock: Lock | null;
  /** The unlocked packet's body. */
  #body: Uint8Array | null = null;

  /**
   * Reads the body of a packet with this tag. Never throws: a packet that cannot be read has the lock `unsupported`.
   * @param primary fingerprint of its key, or null if it is the key itself
   */
  static async read(tag: number, body: Uint8Array, primary: string | null, userId: string): Promise<SecretPart> {
    if (body.length > MAX_PACKET_BYTES) return new SecretPart(null, "unsupported", primary ?? "", userId);
    const packet = tag === SECRET_KEY ? new SecretKeyPacket() : new SecretSubkeyPacket();
    try {
      await packet.read(body);
      const part = new SecretPart(packet, lockOf(packet), primary ?? fingerprintOf(packet), userId);
      if (part.#lock === null) part.#body = body;
      return part;
    } catch {
      return new SecretPart(null, "unsupported", primary ?? "", userId);
    }
  }

  private constructor(packet: SecretPacket | null, lock: Lock | null, primary: string, userId: string) {
    this.#packet = packet;
    this.#lock = lock;
    this.#primary = primary;
    this.#userId = userId;
  }

  get view(): KeyPart {
    const fingerprint = this.#packet === null ? "" : fingerprintOf(this.#packet);
    return { fingerprint, primary: this.#primary, userId: this.#userId, lock: this.#lock };
  }

  /** Whether its algorithm decrypts. A packet that cannot be read counts. */
  get mayDecrypt(): boolean {
    return this.#packet === null || DECRYPTS.has(this.#packet.algorithm);
  }

  /** Whether its algorithm also signs, so that only its key flags tell what it is for. */
  get maySign(): boolean {
    return this.#packet?.algorithm === enums.publicKey.rsaEncryptSign;
  }

  get body(): Uint8Array | null {
    return this.#body;
  }

  /** Whether `passphrase` has opened it. Never throws. */
  async unlock(passphrase: string): Promise<boolean> {
    // Without a passphrase and a salt, openpgp.js would not come to an end.
    if (this.#packet === null || this.#lock !== "passphrase" || passphrase === "") return false;
    try {
      await this.#packet.decrypt(passphrase);
    } catch (cause) {
      this.#lock = lockAfter(cause);
      return false;
    }
    this.#body = this.#packet.write();
    this.#lock = null;
    return true;
  }
}

function fingerprintOf(packet: SecretPacket): string {
  return packet.getFingerprint().toUpperCase();
}

function lockOf(packet: SecretPacket): Lock | null {
  const { s2kUsage, s2k, iv, keyMaterial, unparseableKeyMaterial } = packet as unknown as PacketFields;
  if (unparseableKeyMaterial !== undefined) return isCardStub(unparseableKeyMaterial) ? "card" : "unsupported";
  if (packet.isDummy()) return "absent";
  if (packet.isDecrypted()) return null;
  if (s2kUsage !== CFB && s2kUsage !== AEAD) return "weak";
  const salted = (s2k?.salt?.length ?? 0) === (SALT_BYTES[s2k?.type ?? ""] ?? 0);
  if (!salted || s2k === null || (iv?.length ?? 0) === 0 || (keyMaterial?.length ?? 0) === 0) return "unsupported";
  return s2k.type === "argon2" ? argon2Lock(s2k.t ?? 0, s2k.p ?? 0, s2k.encodedM ?? 0) : "passphrase";
}

/** Whether a try has failed for the passphrase, or would fail with any, as for an unknown hash. */
function lockAfter(cause: unknown): Lock {
  const { name, message } = cause instanceof Error ? cause : new Error();
  if (name === "Argon2OutOfMemoryError") return "costly";
  return /(?:unsupported|unknown) (?:hash|s2k)/i.test(message) ? "unsupported" : "passphrase";
}

function argon2Lock(passes: number, lanes: number, exponent: number): Lock {
  if (passes === 0 || lanes === 0) return "unsupported";
  return exponent > MAX_ARGON2_EXPONENT || passes * 2 ** exponent > MAX_ARGON2_WORK ? "costly" : "passphrase";
}

/** S2K usage, cipher, type 101, hash, "GNU", mode (GnuPG's doc/DETAILS). */
function isCardStub(protection: Uint8Array): boolean {
  return protection[2] === 101 && toHex(protection.subarray(4, 7)) === "474e55" && protection[7] === GNU_MODE_CARD;
}
