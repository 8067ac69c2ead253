import type { PrivateKey } from "openpgp";
import { decryptingKey } from "./decrypting-key.js";
import { readKeyFile } from "./key-file.js";
import type { KeyPart, SecretPart } from "./secret-part.js";

/**
 * The secret keys of any number of files, each key and subkey with a lock of its own. Holds only those that may
 * decrypt. What opens is used; the rest can be named.
 */
export class KeyRing {
  readonly #parts: SecretPart[] = [];
  readonly #openElsewhere: ReadonlySet<string>;

  /** @param openElsewhere fingerprints of parts that are open already, and to be left alone */
  constructor(openElsewhere: Iterable<string> = []) {
    this.#openElsewhere = new Set(openElsewhere);
  }

  /**
   * Adds the keys in a file.
   * @returns whether something in the file could not be read
   * @throws KeyFileError if nothing in it may decrypt
   */
  async add(contents: Uint8Array): Promise<{ readonly damaged: boolean }> {
    const { parts, damaged } = await readKeyFile(contents);
    this.#parts.push(...parts);
    return { damaged };
  }

  /**
   * Tries `passphrase` on everything that a passphrase may open.
   * @param onTry called before each try, which may take seconds
   * @returns what it has opened
   */
  async unlock(passphrase: string, onTry: () => void = () => undefined): Promise<readonly KeyPart[]> {
    const opened: KeyPart[] = [];
    for (const part of this.#parts) {
      if (part.view.lock !== "passphrase" || this.#isOpen(part)) continue;
      onTry();
      if (await part.unlock(passphrase)) opened.push(part.view);
    }
    return opened;
  }

  /** What is open here, but not elsewhere. */
  get open(): readonly KeyPart[] {
    return unique(this.#open().map(({ view }) => view));
  }

  /** What is not open, in no copy and not elsewhere. */
  get closed(): readonly KeyPart[] {
    return unique(this.#parts.filter((part) => !this.#isOpen(part)).map(({ view }) => view));
  }

  /** The bodies of the unlocked packets, as {@link decryptingKey} reads them. */
  get unlocked(): readonly Uint8Array[] {
    const bodies = new Map<string, Uint8Array>();
    for (const { view, body } of this.#open()) if (body !== null) bodies.set(view.fingerprint, body);
    return [...bodies.values()];
  }

  /** A key for each unlocked packet. */
  async keys(): Promise<PrivateKey[]> {
    return Promise.all(this.unlocked.map(decryptingKey));
  }

  #open(): readonly SecretPart[] {
    return this.#parts.filter(
      ({ view: { fingerprint, lock } }) => lock === null && !this.#openElsewhere.has(fingerprint),
    );
  }

  #isOpen({ view }: SecretPart): boolean {
    const { fingerprint } = view;
    if (this.#openElsewhere.has(fingerprint)) return true;
    return this.#parts.some((part) => part.view.lock === null && part.view.fingerprint === fingerprint);
  }
}

/** Of several copies of a key, the one that a passphrase may open, or else the first. */
function unique(parts: readonly KeyPart[]): KeyPart[] {
  const found = new Map<string, KeyPart>();
  const unread: KeyPart[] = [];
  for (const part of parts) {
    if (part.fingerprint === "") unread.push(part);
    else if (!found.has(part.fingerprint) || part.lock === "passphrase") found.set(part.fingerprint, part);
  }
  return [...found.values(), ...unread];
}
