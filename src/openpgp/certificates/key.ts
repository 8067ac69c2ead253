import { PublicKeyPacket, PublicSubkeyPacket } from "openpgp";
import { RecipientError } from "./recipient-error.js";

export type KeyPacket = PublicKeyPacket | PublicSubkeyPacket;

/** A primary key or subkey. */
export interface Key<Kind extends KeyPacket = KeyPacket> {
  readonly packet: Kind;
  /** Of the packet. */
  readonly body: Uint8Array;
  /** Upper-case hex: 40 digits for version 4, 64 for version 6. */
  readonly fingerprint: string;
  /** Lower-case hex, 16 digits. */
  readonly id: string;
  /** Milliseconds. */
  readonly created: number;
  /** Such as `RSA 3072` or `X25519`. */
  readonly algorithm: string;
  /** What is too weak about it, in words; null for nothing. */
  readonly weak: string | null;
  /** Whether browsers need the larger client build for it. */
  readonly rare: boolean;
}

const MIN_RSA_BITS = 3072;
/** OpenSSL verifies no signature of a larger key. */
const MAX_RSA_BITS = 16_384;
/** A larger exponent is no common one, and each signature costs as many multiplications. */
const MAX_RSA_EXPONENT_BYTES = 8;
const KEY_VERSIONS = new Set([4, 6]);
/** Names of openpgp.js that people write otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  curve25519Legacy: "Curve25519",
  ed25519Legacy: "Ed25519",
  x25519: "X25519",
  x448: "X448",
  ed25519: "Ed25519",
  ed448: "Ed448",
  nistP256: "NIST P-256",
  nistP384: "NIST P-384",
  nistP521: "NIST P-521",
  brainpoolP256r1: "Brainpool P-256",
  brainpoolP384r1: "Brainpool P-384",
  brainpoolP512r1: "Brainpool P-512",
};
const WEAK = new Set(["dsa", "elgamal", "secp256k1"]);
/** Browsers have these not at all, or not everywhere. */
const RARE = /448|^brainpool|^nistP521$/;

/** @throws RecipientError `unsupported`, `unreadable` */
export async function readPrimaryKey(body: Uint8Array): Promise<Key<PublicKeyPacket>> {
  return describe(await parse(new PublicKeyPacket(), body), body);
}

/** @throws RecipientError `unsupported`, `unreadable` */
export async function readSubkey(body: Uint8Array): Promise<Key<PublicSubkeyPacket>> {
  return describe(await parse(new PublicSubkeyPacket(), body), body);
}

async function parse<Kind extends KeyPacket>(packet: Kind, body: Uint8Array): Promise<Kind> {
  const [version = 0] = body;
  const algorithm = body[version <= 3 ? 7 : 5] ?? 0;
  if (!KEY_VERSIONS.has(version)) throw unsupported(`a key of version ${version}`);
  try {
    await packet.read(body);
  } catch (cause) {
    // What openpgp.js knows, it would have read.
    const known = cause instanceof Error && cause.name !== "UnsupportedError";
    throw known ? unreadable(cause) : unsupported(`the key algorithm ${algorithm}, or its curve`, cause);
  }
  if (!isSame(packet.write(), body)) throw unreadable();
  return packet;
}

function describe<Kind extends KeyPacket>(packet: Kind, body: Uint8Array): Key<Kind> {
  const { algorithm, bits, curve } = packet.getAlgorithmInfo();
  const name = curve ?? algorithm;
  const isRsa = algorithm.startsWith("rsa");
  const shown = isRsa ? `RSA ${bits ?? 0}` : (NAMES[name] ?? name);
  const { e } = packet.publicParams as { readonly e?: Uint8Array };
  if (isRsa && ((bits ?? 0) > MAX_RSA_BITS || (e?.length ?? 0) > MAX_RSA_EXPONENT_BYTES)) throw unsupported(shown);
  if (algorithm === "rsaEncrypt") throw unsupported("RSA keys of the kind for encryption only");
  return {
    packet,
    body,
    fingerprint: packet.getFingerprint().toUpperCase(),
    id: packet.getKeyID().toHex(),
    created: packet.created.getTime(),
    algorithm: shown,
    weak: WEAK.has(name) || (isRsa && (bits ?? 0) < MIN_RSA_BITS) ? `${shown} is too weak` : null,
    rare: RARE.test(name),
  };
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function unsupported(what: string, cause?: unknown): RecipientError {
  return new RecipientError("unsupported", `this program does not know ${what}`, { cause });
}

function unreadable(cause?: unknown): RecipientError {
  return new RecipientError("unreadable", "this certificate is damaged: a key in it does not add up", { cause });
}
