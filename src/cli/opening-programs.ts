import type { Key, Recipient } from "../openpgp/index.js";

/** Programs that open what is encrypted to a certificate, and those that do not, by name. */
export interface OpeningPrograms {
  readonly opens: readonly string[];
  readonly fails: readonly string[];
}

/** What decides it: SEIPD version of the message, and version and algorithm of the recipient's key. */
interface Case {
  readonly message: 1 | 2;
  readonly key: Key;
}

/** X25519 and X448 as RFC 9580 has them, which programs before it do not know. */
const NATIVE = new Set([25, 26]);

const before9580 = ({ message, key }: Case) =>
  message === 1 && key.packet.version === 4 && !NATIVE.has(key.packet.algorithm);

/** As tests/interop and docs/INTEROP.md found. */
const PROGRAMS: readonly { readonly name: string; readonly opens: (asked: Case) => boolean }[] = [
  { name: "Postern", opens: () => true },
  { name: "GnuPG", opens: before9580 },
  // Debian builds it without Brainpool.
  { name: "Sequoia (sq 1.0 or newer)", opens: ({ key }) => !key.algorithm.startsWith("Brainpool") },
  { name: "GopenPGP", opens: () => true },
  { name: "PGPainless", opens: before9580 },
  { name: "RNP with --allow-hidden", opens: before9580 },
];

/** Which programs open what is encrypted to `recipients`, for the owner of the first of a recipient's keys. */
export function openingPrograms(recipient: Recipient, recipients: readonly Recipient[], date: Date): OpeningPrograms {
  const [key] = recipient.certificate.at(date).keys;
  const asked = { message: messageVersion(recipients), key };
  const names = (wanted: boolean) => PROGRAMS.filter(({ opens }) => opens(asked) === wanted).map(({ name }) => name);
  return { opens: names(true), fails: names(false) };
}

/** A sentence for each certificate whose owner may use GnuPG, where GnuPG cannot open what comes. */
export function lockedOut(recipients: readonly Recipient[]): string[] {
  if (messageVersion(recipients) === 1) return [];
  return recipients
    .filter(({ certificate }) => certificate.version === 4)
    .map(
      ({ fingerprint }) =>
        `certificate ${fingerprint} is of version 4, but GnuPG cannot open what comes, since every certificate here ` +
        "announces SEIPD version 2: if its owner uses GnuPG, make the key with GnuPG or postern keys new",
    );
}

function messageVersion(recipients: readonly Recipient[]): 1 | 2 {
  return recipients.some(({ aead }) => aead === null) ? 1 : 2;
}
