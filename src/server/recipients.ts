import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS, dayOf, Fault } from "../core/index.js";
import {
  checkRecipient,
  holdsSecretKey,
  type Recipient,
  RecipientError,
  type RecipientFault,
  readCertificates,
} from "../openpgp/index.js";

/** One thing that keeps the server from starting: which file, what is wrong, and what to do. */
export interface KeyProblem {
  readonly file: string;
  readonly code: RecipientFault | "none";
  readonly message: string;
  readonly cure: string;
}

export class RecipientsError extends Fault<"unusable_keys" | "expired"> {
  readonly problems: readonly KeyProblem[];

  constructor(code: "unusable_keys" | "expired", problems: readonly KeyProblem[], options?: ErrorOptions) {
    super(code, problems.map(({ file, message, cure }) => `${file}: ${message}; ${cure}`).join("\n"), options);
    this.problems = problems;
  }
}

const CURES: Record<KeyProblem["code"], string> = {
  none: "put a recipient's public certificate there as a file ending in .asc (postern keys new makes one)",
  secret_key: "take it off this machine, treat it as stolen, and put only the public certificate here",
  unreadable: "export it again with gpg --armor --export",
  expired: "extend its expiry offline and put the new certificate here, or remove the file",
  revoked: "remove the file, and put the new certificate here if there is one",
  not_yet_valid: "check this machine's clock",
  no_encryption_key: "add an encryption subkey offline and export the certificate again",
  weak_algorithm: "make a new key with postern keys new (RSA needs at least 3072 bits)",
};

/** Staff are told this long before a certificate expires. */
const WARNING_MS = 30 * DAY_MS;

/** The certificates that submissions are encrypted to. Every one of them must be usable, or nothing is encrypted. */
export class Recipients {
  readonly #recipients: readonly Recipient[];

  constructor(recipients: readonly Recipient[]) {
    this.#recipients = recipients;
  }

  /** All recipients, whether usable now or not. */
  get all(): readonly Recipient[] {
    return this.#recipients;
  }

  /** @throws RecipientsError `expired` if any has expired by `date` */
  at(date: Date): readonly Recipient[] {
    const expired = this.#recipients.filter(({ expires }) => expires !== null && expires <= date);
    if (expired.length > 0) {
      throw new RecipientsError(
        "expired",
        expired.map(({ fingerprint }) => ({
          file: fingerprint,
          code: "expired" as const,
          message: "this certificate has expired",
          cure: CURES.expired,
        })),
      );
    }
    return this.#recipients;
  }

  /** A sentence for each certificate that expires within 30 days of `date`. */
  warnings(date: Date): string[] {
    return this.#recipients.flatMap(({ fingerprint, expires }) =>
      expires !== null && expires.getTime() - date.getTime() <= WARNING_MS
        ? [`certificate ${fingerprint} expires on ${dayOf(expires)}: extend it now`]
        : [],
    );
  }
}

/**
 * Reads every `*.asc` file in `folder`, and looks into every other file for a secret key.
 * @throws RecipientsError naming each file at fault
 */
export async function loadRecipients(folder: string, date: Date): Promise<Recipients> {
  const problems: KeyProblem[] = [];
  const recipients = new Map<string, Recipient>();
  const note = (file: string, code: KeyProblem["code"], message: string) =>
    problems.push({ file: join(folder, file), code, message, cure: CURES[code] });
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const { name } of entries.filter((entry) => !entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    try {
      const bytes = await readFile(join(folder, name));
      if (name.endsWith(".asc")) {
        for (const certificate of await readCertificates(bytes.toString("utf8"))) {
          const recipient = await checkRecipient(certificate, date);
          recipients.set(recipient.fingerprint, recipient);
        }
      } else if (holdsSecretKey(bytes)) {
        note(name, "secret_key", "this file holds a secret key");
      }
    } catch (cause) {
      if (cause instanceof RecipientError) note(name, cause.code, cause.message);
      else note(name, "unreadable", "this file cannot be read");
    }
  }
  if (recipients.size === 0 && problems.length === 0) note("", "none", "there is no recipient's certificate here");
  if (problems.length > 0) throw new RecipientsError("unusable_keys", problems);
  // The pages name them in this order: it must not depend on what somebody called the files.
  const sorted = [...recipients.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  return new Recipients(sorted);
}
