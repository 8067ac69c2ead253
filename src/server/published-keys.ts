import type { Certificate } from "../openpgp/index.js";
import type { Recipients } from "./recipients/index.js";

/** What everybody loads of the recipients' certificates. */
export interface Published {
  /** One for each recipient, in their order. */
  readonly certificates: readonly Certificate[];
  /** Fingerprints of the certificates and of their keys in it. */
  readonly fingerprints: readonly string[];
  readonly armored: string;
}

/** How often to look whether a month has begun. Months begin with an hour. */
const INTERVAL_MS = 60 * 60 * 1000;

/** The certificates as they are published now. That changes only when the month of a certificate's key does. */
export class PublishedKeys {
  readonly #recipients: Recipients;
  readonly #now: () => Date;
  #hour = Number.NaN;
  #current: Published | null = null;

  constructor(recipients: Recipients, now: () => Date) {
    this.#recipients = recipients;
    this.#now = now;
  }

  get current(): Published {
    const now = this.#now();
    const hour = Math.floor(now.getTime() / INTERVAL_MS);
    if (this.#current !== null && hour === this.#hour) return this.#current;
    this.#hour = hour;
    const certificates = this.#recipients.all.map(({ certificate, checked }) =>
      certificate.near(now < checked ? checked : now),
    );
    const armored = certificates.map((certificate) => certificate.armor()).join("\n");
    if (this.#current?.armored !== armored) {
      this.#current = { certificates, armored, fingerprints: certificates.flatMap(({ fingerprints }) => fingerprints) };
    }
    return this.#current;
  }

  /** What `make` makes of the published keys: at once, and anew when they have changed. */
  derive<Made>(make: (published: Published) => Made): () => Made {
    let from = this.current;
    let made = make(from);
    return () => {
      const { current } = this;
      if (current !== from) {
        made = make(current);
        from = current;
      }
      return made;
    };
  }
}
