import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { Fault } from "../core/index.js";
import type { TlsIdentity } from "./config.js";

/** How often the files are looked at. Certificates are renewed weeks before they end. */
const CHECK_INTERVAL_MS = 60_000;

export class TlsFilesError extends Fault<"unreadable" | "unusable"> {}

/** A certificate chain and its key in two files, which are read again when they have been renewed. */
export class TlsFiles {
  readonly #cert: string;
  readonly #key: string;
  #seen = "";

  constructor(cert: string, key: string) {
    this.#cert = cert;
    this.#key = key;
  }

  /** @throws TlsFilesError if a file cannot be read, or the two do not belong together */
  async read(): Promise<TlsIdentity> {
    const seen = await this.#versions();
    const [cert, key] = await Promise.all([this.#cert, this.#key].map((path) => readFile(path, "utf8"))).catch(
      (cause: unknown) => {
        throw new TlsFilesError("unreadable", `${this.#cert} or ${this.#key} cannot be read`, { cause });
      },
    );
    const identity = { cert: cert ?? "", key: key ?? "" };
    try {
      // OpenSSL fails here when the key belongs to another certificate.
      createSecureContext(identity);
      new X509Certificate(identity.cert);
    } catch (cause) {
      throw new TlsFilesError("unusable", `${this.#cert} and ${this.#key} are no certificate with its key`, { cause });
    }
    this.#seen = seen;
    return identity;
  }

  /** The files' contents if they have changed since {@link read}, or null. @throws TlsFilesError */
  async changed(): Promise<TlsIdentity | null> {
    return (await this.#versions()) === this.#seen ? null : this.read();
  }

  /**
   * Calls `onChange` with what is renewed, and `onFailure` where the new files are of no use: the old ones stay.
   * @returns how to stop it
   */
  watch(
    onChange: (identity: TlsIdentity) => void,
    onFailure: (cause: unknown) => void,
    intervalMs = CHECK_INTERVAL_MS,
  ): () => void {
    const timer = setInterval(() => {
      this.changed().then((identity) => identity !== null && onChange(identity), onFailure);
    }, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  }

  async #versions(): Promise<string> {
    const stats = await Promise.all([this.#cert, this.#key].map((path) => stat(path))).catch((cause: unknown) => {
      throw new TlsFilesError("unreadable", `${this.#cert} or ${this.#key} cannot be read`, { cause });
    });
    return stats.map(({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`).join(", ");
  }
}
