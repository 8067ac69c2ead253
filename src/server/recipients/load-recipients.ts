import { join } from "node:path";
import { toHex } from "../../core/index.js";
import {
  addToPrimary,
  Certificate,
  checkRecipient,
  issuerOfRevocation,
  mergeCertificates,
  type RawCertificate,
  type Recipient,
  RecipientError,
  readKeyFile,
} from "../../openpgp/index.js";
import { type KeyFault, type KeyProblem, keyProblem, RecipientsError } from "./key-problem.js";
import { keyFiles } from "./keys-folder.js";
import { Recipients, type UnusedFile } from "./recipients.js";

/** A file with such a name is meant to be a key, and one without a certificate in it is damaged. */
const KEY_FILE = /\.(?:asc|gpg|pgp|key|pub|cert|crt|cer|kbx)$/i;
const ARMORED = /\.asc$/i;
/** People explain a folder in such a file. */
const README = /^readme(?:\.\w+)?$/i;

/**
 * Reads every certificate in `folder`, whatever the file is called, and merges the versions of each. Looks for secret
 * keys everywhere below it.
 * @throws RecipientsError `unusable_keys`, naming each file at fault
 */
export async function loadRecipients(folder: string, date: Date): Promise<Recipients> {
  const found = new FoundCertificates(folder);
  for await (const { file, nested, ...rest } of keyFiles(folder)) {
    if ("bytes" in rest) found.read(file, nested, rest.bytes);
    else if (nested && rest.code !== "too_large") found.leave(file, rest.message);
    else found.fail(file, rest.code, rest.message);
  }
  const recipients = await found.check(date);
  const { problems, unused } = found;
  if (recipients.length === 0 && problems.length === 0) {
    problems.push(keyProblem(join(folder, ""), "none", "there is no recipient's certificate here"));
  }
  if (problems.length > 0) throw new RecipientsError("unusable_keys", problems);
  // The pages name them in this order: it must not depend on what somebody called the files.
  return new Recipients(
    [...recipients].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    unused,
  );
}

/** One certificate in all its versions. */
interface Versions {
  readonly files: Set<string>;
  readonly raw: RawCertificate[];
}

class FoundCertificates {
  readonly problems: KeyProblem[] = [];
  readonly unused: UnusedFile[] = [];
  readonly #folder: string;
  /** By the bytes of the primary key. */
  readonly #certificates = new Map<string, Versions>();
  readonly #revocations: { readonly file: string; readonly issuer: string; readonly body: Uint8Array }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  fail(file: string, code: KeyFault, message: string): void {
    this.problems.push(keyProblem(join(this.#folder, file), code, message));
  }

  leave(file: string, why: string): void {
    this.unused.push({ file, why });
  }

  read(file: string, nested: boolean, bytes: Uint8Array): void {
    try {
      const found = readKeyFile(bytes);
      const { certificates, loose } = found ?? { certificates: [], loose: [] };
      if (certificates.length === 0 && loose.length === 0) this.#leaveOther(file, nested, bytes.length === 0);
      else if (nested) this.leave(file, "it lies in a folder inside");
      else {
        for (const raw of certificates) this.#add(file, raw);
        for (const body of loose) this.#addRevocation(file, body);
      }
    } catch (cause) {
      if (!(cause instanceof RecipientError)) throw cause;
      if (nested && cause.code !== "secret_key" && cause.code !== "too_large") this.leave(file, cause.message);
      else this.fail(file, cause.code, cause.message);
    }
  }

  #leaveOther(file: string, nested: boolean, empty: boolean): void {
    const why = empty ? "it is empty" : "it holds no certificate";
    if (!nested && KEY_FILE.test(file))
      this.fail(
        file,
        "unreadable",
        empty ? "this file is empty" : `this file holds no ${ARMORED.test(file) ? "armored " : ""}certificate`,
      );
    else if (!README.test(file)) this.leave(file, why);
  }

  #add(file: string, raw: RawCertificate): void {
    const key = toHex(raw.primary.body);
    const versions = this.#certificates.get(key) ?? { files: new Set(), raw: [] };
    this.#certificates.set(key, versions);
    versions.files.add(file);
    versions.raw.push(raw);
  }

  #addRevocation(file: string, body: Uint8Array): void {
    const issuer = issuerOfRevocation(body);
    if (issuer === null) this.fail(file, "unreadable", "this file holds a signature without a certificate");
    else this.#revocations.push({ file, issuer, body });
  }

  async check(date: Date): Promise<readonly Recipient[]> {
    const recipients: Recipient[] = [];
    const met = new Set<string>();
    for (const { files, raw } of this.#certificates.values()) {
      try {
        const [merged] = mergeCertificates(raw);
        if (merged === undefined) continue;
        for (const { body } of this.#revocations) addToPrimary(merged, body);
        const certificate = await Certificate.from(merged);
        for (const { issuer, file } of this.#revocations) if (certificate.has(issuer)) met.add(file);
        recipients.push(checkRecipient(certificate, date));
      } catch (cause) {
        if (!(cause instanceof RecipientError)) throw cause;
        this.problems.push(
          keyProblem([...files].map((file) => join(this.#folder, file)).join(", "), cause.code, cause.message),
        );
      }
    }
    for (const { file } of this.#revocations) if (!met.has(file)) this.leave(file, "it revokes a key that is not here");
    return recipients;
  }
}
