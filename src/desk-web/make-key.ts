import { createKeyPair } from "../openpgp/index.js";
import { type KeyWork, madeFile, NO_WORK } from "./made-file.js";

/** Two years, as `postern keys new` has it. */
const LIFETIME_SECONDS = 2 * 365 * 86_400;

/** A recipient's key, which any GnuPG reads, in the files that `postern keys new` writes. */
export async function makeKey(name: string, passphrase: string): Promise<KeyWork> {
  const pair = await createKeyPair({ profile: "gnupg", userId: { name }, passphrase, lifetime: LIFETIME_SECONDS });
  const short = pair.fingerprint.slice(0, 16).toLowerCase();
  return {
    ...NO_WORK,
    files: [
      madeFile(`${short}.asc`, pair.certificate),
      madeFile(`postern-${short}-secret.asc`, pair.secretKey),
      madeFile(`postern-${short}-revocation.asc`, pair.revocationCertificate),
    ],
  };
}
