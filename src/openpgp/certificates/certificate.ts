import { armor, enums } from "openpgp";
import { joinBytes } from "../../core/index.js";
import type { Choice, Refusal, Use } from "./choice.js";
import { judge } from "./judgement.js";
import { lastSigned, minimal } from "./minimal.js";
import { near } from "./near.js";
import { type Period, periodsFrom } from "./periods.js";
import { type RawCertificate, Tag } from "./raw-certificate.js";
import { RecipientError } from "./recipient-error.js";
import { remarksOn } from "./remarks.js";
import { type Verified, verifyCertificate } from "./verified.js";

/** A certificate whose signatures have been verified. It never changes; what it is good for depends on the date. */
export class Certificate {
  readonly #verified: Verified;
  readonly #known: readonly string[];

  private constructor(verified: Verified, known: readonly string[]) {
    this.#verified = verified;
    this.#known = known;
  }

  /** @throws RecipientError `unreadable`, `unsupported`, `too_large` */
  static async from(raw: RawCertificate): Promise<Certificate> {
    const verified = await verifyCertificate(raw);
    const keys = [verified.primary, ...verified.subkeys.map(({ key }) => key)];
    return new Certificate(
      verified,
      keys.flatMap(({ fingerprint, id }) => [fingerprint.toLowerCase(), id]),
    );
  }

  /** Upper-case hex: 40 digits for version 4, 64 for version 6. */
  get fingerprint(): string {
    return this.#verified.primary.fingerprint;
  }

  get version(): number {
    return this.#verified.primary.packet.version;
  }

  /** When the primary key was made. */
  get created(): Date {
    return new Date(this.#verified.primary.created);
  }

  get userIds(): readonly string[] {
    return this.#verified.users.map(({ body }) => new TextDecoder().decode(body));
  }

  /** Fingerprints of the primary key and of the subkeys, upper-case hex. */
  get fingerprints(): readonly string[] {
    const { primary, subkeys } = this.#verified;
    return [primary, ...subkeys.map(({ key }) => key)].map(({ fingerprint }) => fingerprint);
  }

  /** Whether browsers need the larger client build for one of its keys. */
  get hasRareCurve(): boolean {
    const { primary, subkeys } = this.#verified;
    return primary.rare || subkeys.some(({ key }) => key.rare);
  }

  /** Whether `key`, a fingerprint or key id in lower-case hex, is one of its keys, or was before {@link minimal}. */
  has(key: string): boolean {
    return this.#known.includes(key);
  }

  /** @throws RecipientError if nothing may be encrypted to it at `date` */
  at(date: Date): Choice {
    const judged = this.judge(date);
    if ("fault" in judged) throw new RecipientError(judged.fault, `the certificate ${this.fingerprint} ${judged.why}`);
    return judged;
  }

  judge(date: Date): Choice | Refusal {
    return judge(this.#verified, date.getTime());
  }

  /** What it is good for from `date` on, as far as is known. */
  periods(date: Date): readonly [Period, ...Period[]] {
    return periodsFrom(this.#verified, date.getTime());
  }

  /** The first time from `date` on when nothing can be encrypted to it, and when that ends again; null if never. */
  firstGap(date: Date): { readonly from: Date; readonly until: Date | null } | null {
    const periods = this.periods(date);
    const index = periods.findIndex(({ choice }) => "fault" in choice);
    const gap = periods[index];
    const next = periods.slice(index + 1).find(({ choice }) => !("fault" in choice));
    return gap === undefined
      ? null
      : { from: new Date(gap.from), until: next === undefined ? null : new Date(next.from) };
  }

  /** When its owner last signed anything in it. */
  get lastSigned(): Date {
    return new Date(lastSigned(this.#verified, Number.MAX_SAFE_INTEGER));
  }

  /** Which keys are used when, from the last time on that its owner signed anything: it says the same at all times. */
  schedule(date: Date): readonly Use[] {
    const from = lastSigned(this.#verified, date.getTime());
    return periodsFrom(this.#verified, from).flatMap(({ choice, ...period }) => {
      if ("fault" in choice) return [];
      const until = Number.isFinite(period.until) ? new Date(period.until) : null;
      return [{ keys: choice.keys, from: new Date(period.from), until }];
    });
  }

  /** What its owner may not expect of it, in sentences that begin after its name. */
  remarks(date: Date): readonly string[] {
    return remarksOn(this.#verified, this.at(date), date.getTime());
  }

  /** The same certificate with nothing but what encrypting needs from `date` on. */
  minimal(date: Date): Certificate {
    return new Certificate(minimal(this.#verified, date.getTime()), this.#known);
  }

  /** The same certificate with the keys that are used first from `date` on: what everybody loads. */
  near(date: Date): Certificate {
    return new Certificate(near(this.#verified, date.getTime()), this.#known);
  }

  /** Packets of the certificate: only signatures of its own key. */
  write(): Uint8Array {
    const { primary, revocations, direct, users, subkeys } = this.#verified;
    const signed = (signatures: readonly { readonly body: Uint8Array }[]) =>
      signatures.map(({ body }) => packet(Tag.signature, body));
    return joinBytes([
      packet(Tag.publicKey, primary.body),
      ...signed([...revocations, ...direct]),
      ...users.flatMap((user) => [
        packet(Tag.userId, user.body),
        ...signed([...user.revocations, ...user.certifications]),
      ]),
      ...subkeys.flatMap(({ key, ...subkey }) => [
        packet(Tag.publicSubkey, key.body),
        ...signed([...subkey.revocations, ...subkey.bindings]),
      ]),
    ]);
  }

  armor(): string {
    // Version 6 forbids the checksum (RFC 9580 section 6.1).
    return armor(enums.armor.publicKey, this.write(), undefined, undefined, undefined, this.version !== 6);
  }
}

/** A packet in the current format (RFC 9580 section 4.2.1). */
function packet(tag: number, body: Uint8Array): Uint8Array {
  const { length } = body;
  const head =
    length < 192
      ? [length]
      : length < 8384
        ? [((length - 192) >> 8) + 192, (length - 192) & 0xff]
        : [255, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
  return joinBytes([Uint8Array.of(0xc0 | tag, ...head), body]);
}
