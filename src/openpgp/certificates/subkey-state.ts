import { enums } from "openpgp";
import type { Key } from "./key.js";
import { currentSignature } from "./moment.js";
import type { SelfSignature } from "./self-signature.js";
import type { VerifiedSubkey } from "./verified.js";

/** What a subkey is good for at one moment. Times are milliseconds. */
export type SubkeyState = {
  readonly key: Key;
  /** Whether it only comes along with the encryption subkey. */
  readonly additional: boolean;
} & (
  | { readonly kind: "usable"; readonly ends: number }
  | { readonly kind: "later"; readonly begins: number }
  | { readonly kind: "ended"; readonly ends: number; readonly bindings: readonly SelfSignature[] }
  | { readonly kind: "weak"; readonly why: string }
  | { readonly kind: "revoked" }
  | { readonly kind: "not_for_encryption" }
);

/** Key flags, first byte: to encrypt communication or storage (RFC 9580 section 5.2.3.29). */
const ENCRYPTS = 0x0c;
/** Second byte: an additional decryption subkey, which GnuPG 2.4.1 and later make with `--quick-add-adsk`. */
const ADDITIONAL = 0x04;
const ENCRYPTION_ALGORITHMS: ReadonlySet<number> = new Set([
  enums.publicKey.rsaEncryptSign,
  enums.publicKey.elgamal,
  enums.publicKey.ecdh,
  enums.publicKey.x25519,
  enums.publicKey.x448,
]);

export function stateOf({ key, bindings, revocations }: VerifiedSubkey, at: number): SubkeyState {
  const binding = currentSignature(bindings, at);
  // Where none counts, the newest says what the subkey is for.
  const use = useOf(key, binding ?? bindings[0]);
  const about = { key, additional: use === "additional" };
  if (use === null) return { ...about, kind: "not_for_encryption" };
  if (revocations.some(({ hard, created }) => hard || created <= at)) return { ...about, kind: "revoked" };
  if (key.weak !== null) return { ...about, kind: "weak", why: key.weak };
  if (binding === undefined || key.created > at) {
    const begins = bindings.filter(({ created, ends }) => Math.max(created, key.created) > at && ends > key.created);
    const ends = Math.max(...bindings.map((each) => each.ends));
    return begins.length > 0
      ? { ...about, kind: "later", begins: Math.min(...begins.map(({ created }) => Math.max(created, key.created))) }
      : { ...about, kind: "ended", ends, bindings };
  }
  if (binding.weak) return { ...about, kind: "weak", why: `${key.algorithm}, bound with MD5, SHA-1 or RIPEMD-160` };
  const ends = Math.min(binding.ends, key.created + binding.keyLifetime);
  return ends > at ? { ...about, kind: "usable", ends } : { ...about, kind: "ended", ends, bindings };
}

/** Whether `key` itself encrypts, by its flags. */
export function encrypts(key: Key, { flags }: SelfSignature): boolean {
  return ENCRYPTION_ALGORITHMS.has(key.packet.algorithm) && ((flags?.[0] ?? 0) & ENCRYPTS) !== 0;
}

function useOf(key: Key, binding: SelfSignature | undefined): "encryption" | "additional" | null {
  if (binding === undefined || !ENCRYPTION_ALGORITHMS.has(key.packet.algorithm)) return null;
  // Old programs set no flags. Then the algorithm decides.
  if (binding.flags === null || encrypts(key, binding)) return "encryption";
  return ((binding.flags[1] ?? 0) & ADDITIONAL) !== 0 ? "additional" : null;
}
