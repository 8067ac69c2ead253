import { enums, type PublicKeyPacket, type PublicSubkeyPacket, type SignaturePacket } from "openpgp";
import { type Key, readPrimaryKey, readSubkey } from "./key.js";
import type { RawCertificate, SignedBody } from "./raw-certificate.js";
import { RecipientError } from "./recipient-error.js";
import { isWeak, parseSignature, type SelfSignature, type Signed, verifySelfSignature } from "./self-signature.js";

export interface VerifiedUser {
  /** The user id, usually UTF-8. */
  readonly body: Uint8Array;
  readonly certifications: readonly SelfSignature[];
  readonly revocations: readonly SelfSignature[];
}

export interface VerifiedSubkey {
  readonly key: Key<PublicSubkeyPacket>;
  readonly bindings: readonly SelfSignature[];
  readonly revocations: readonly SelfSignature[];
}

/** A certificate with those of its signatures that its own key made. Each list has the newest signature first. */
export interface Verified {
  readonly primary: Key<PublicKeyPacket>;
  readonly direct: readonly SelfSignature[];
  readonly revocations: readonly SelfSignature[];
  readonly users: readonly VerifiedUser[];
  /** How many user ids have no valid signature of its own. */
  readonly unsignedUsers: number;
  readonly subkeys: readonly VerifiedSubkey[];
  /** Whether somebody whom the key allowed to may have revoked it: without their key nobody can tell. */
  readonly mayBeRevoked: boolean;
  /** Whether signatures that claim to be its own rest on broken hash functions, and could not even be verified. */
  readonly claimsWeak: boolean;
  /** Why each subkey that could not be read was left out, in words. */
  readonly unread: readonly string[];
}

/** Verifying as many takes a second or two. */
const MAX_SIGNATURES = 500;
const MAX_COMPONENTS = 200;
const { certRevocation, key: directKey, keyRevocation, subkeyBinding, subkeyRevocation } = enums.signature;
const CERTIFICATIONS: readonly number[] = [0x10, 0x11, 0x12, 0x13];

const NOTHING: Omit<Verified, "primary"> = {
  direct: [],
  revocations: [],
  users: [],
  unsignedUsers: 0,
  subkeys: [],
  mayBeRevoked: false,
  claimsWeak: false,
  unread: [],
};

/**
 * Verifies every signature of a certificate's own key, once and for all dates.
 * @throws RecipientError `unreadable`, `unsupported`, `too_large`
 */
export async function verifyCertificate(raw: RawCertificate): Promise<Verified> {
  const primary = await readPrimaryKey(raw.primary.body);
  // No signature of such a key proves anything, and some of them would take long.
  if (primary.weak !== null) return { ...NOTHING, primary };
  if (raw.users.size + raw.subkeys.size > MAX_COMPONENTS) throw tooLarge();
  const verifier = new Verifier(primary);
  const own = await verifier.verify(raw.primary, {});
  const users: VerifiedUser[] = [];
  for (const user of raw.users.values()) {
    const signatures = await verifier.verify(user, { userID: { write: () => user.body } });
    const certifications = signatures.filter(({ type }) => CERTIFICATIONS.includes(type));
    const revocations = ofType(signatures, certRevocation);
    if (certifications.length > 0) users.push({ body: user.body, certifications, revocations });
  }
  const subkeys: VerifiedSubkey[] = [];
  const unread: string[] = [];
  for (const subkey of raw.subkeys.values()) {
    const key = await readSubkey(subkey.body).catch((cause: unknown) => {
      if (!(cause instanceof RecipientError) || cause.code !== "unsupported") throw cause;
      unread.push(cause.message);
      return null;
    });
    if (key === null) continue;
    const signatures = await verifier.verify(subkey, { bind: key.packet });
    const bindings = ofType(signatures, subkeyBinding);
    const revocations = ofType(signatures, subkeyRevocation);
    if (bindings.length > 0) subkeys.push({ key, bindings, revocations });
  }
  const direct = ofType(own, directKey);
  const mayBeRevoked = verifier.foreignRevocations.some(({ issuerKeyID }) =>
    direct.some(({ revokers }) => revokers.includes(issuerKeyID.toHex())),
  );
  const revocations = ofType(own, keyRevocation);
  const unsignedUsers = raw.users.size - users.length;
  const { claimsWeak } = verifier;
  return { primary, direct, revocations, users, unsignedUsers, subkeys, mayBeRevoked, claimsWeak, unread };
}

class Verifier {
  /** Revocations of the primary key that another key made. */
  readonly foreignRevocations: SignaturePacket[] = [];
  claimsWeak = false;
  readonly #primary: Key<PublicKeyPacket>;
  #verified = 0;

  constructor(primary: Key<PublicKeyPacket>) {
    this.#primary = primary;
  }

  /** The signatures of `component` that the primary key made over it, the newest first. */
  async verify(component: SignedBody, signed: Signed): Promise<SelfSignature[]> {
    const found: SelfSignature[] = [];
    for (const body of component.signatures.values()) {
      const type = body[1];
      // Strangers' signatures may be thousands: most are told apart without being read.
      const own = mentions(body, this.#primary.id);
      if (!own && type !== keyRevocation) continue;
      const signature = parseSignature(body);
      if (signature === null) continue;
      this.#verified += 1;
      if (this.#verified > MAX_SIGNATURES) throw tooLarge();
      const verified = own ? await verifySelfSignature(signature, this.#primary.packet, signed) : null;
      if (verified !== null) found.push(verified);
      else if (own && isWeak(signature)) this.claimsWeak = true;
      else if (type === keyRevocation) this.foreignRevocations.push(signature);
    }
    return found.sort(newestFirst);
  }
}

function ofType(signatures: readonly SelfSignature[], type: number): SelfSignature[] {
  return signatures.filter((signature) => signature.type === type);
}

/** Of two of the same second, an order that does not depend on the files that they came from. */
function newestFirst(left: SelfSignature, right: SelfSignature): number {
  if (left.created !== right.created) return right.created - left.created;
  const differs = left.body.findIndex((byte, index) => byte !== right.body[index]);
  return (left.body[differs] ?? 0) - (right.body[differs] ?? 0);
}

/** Whether a signature names a key id, by itself or as the end or the beginning of a fingerprint. */
function mentions(body: Uint8Array, id: string): boolean {
  const wanted = Uint8Array.from(id.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  for (let at = body.indexOf(wanted[0] ?? 0); at !== -1; at = body.indexOf(wanted[0] ?? 0, at + 1)) {
    if (wanted.every((byte, index) => body[at + index] === byte)) return true;
  }
  return false;
}

function tooLarge(): RecipientError {
  return new RecipientError("too_large", "this certificate has more parts or signatures than any needs");
}
