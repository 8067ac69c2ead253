import { Fault } from "../../core/index.js";
import type { RecipientFault } from "../../openpgp/index.js";

/** One thing that keeps the server from encrypting: which file or certificate, what is wrong, and what to do. */
export interface KeyProblem {
  readonly file: string;
  readonly code: KeyFault;
  readonly message: string;
  readonly cure: string;
}

/** `none`: no certificate at all. `no_permission`: the file belongs to another user. */
export type KeyFault = RecipientFault | "none" | "no_permission";

/** `unusable_keys`: the server must not start. `unusable_now`: it takes nothing while this lasts. */
export class RecipientsError extends Fault<"unusable_keys" | "unusable_now"> {
  readonly problems: readonly KeyProblem[];

  constructor(code: "unusable_keys" | "unusable_now", problems: readonly KeyProblem[], options?: ErrorOptions) {
    super(code, problems.map(({ file, message, cure }) => `${file}: ${message}; ${cure}`).join("\n"), options);
    this.problems = problems;
  }
}

const CURES: Readonly<Record<KeyFault, string>> = {
  none: "put a recipient's public certificate there (postern keys new makes one)",
  no_permission: "let the portal's user read it: chmod 644 for a certificate, which is public",
  secret_key: "take it off this machine, treat it as stolen, and put only the public certificate here",
  unreadable: "export it again with gpg --armor --export, or move the file elsewhere if it is no certificate",
  too_large: "export it again with gpg --armor --export-options export-minimal --export, or move it elsewhere",
  unsupported: "make a new key with postern keys new, or with GnuPG or Sequoia in their default settings",
  expired: "extend its expiry offline and put the new certificate here, or remove the file",
  gap: "extend its older encryption subkey offline and put the new certificate here, or wait until the next one begins",
  revoked: "remove the file, and put the new certificate here if there is one",
  not_yet_valid: "compare this machine's clock with that of the machine that made or renewed the certificate",
  no_self_signature: "export it from its owner's key ring with gpg --armor --export: key servers leave parts out",
  no_encryption_key: "add an encryption subkey offline and export the certificate again",
  weak_algorithm: "make a new key with postern keys new (RSA needs at least 3072 bits)",
};

export function keyProblem(file: string, code: KeyFault, message: string): KeyProblem {
  return { file, code, message, cure: CURES[code] };
}
