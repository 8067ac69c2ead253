import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readPrivateKey } from "openpgp";
import { createKeyPair } from "../../src/desk/index.js";
import { lockedBy } from "./secret-keys.js";

const TWO_YEARS = 2 * 365 * 24 * 60 * 60;

/** Contents by path. */
type Files = ReadonlyMap<string, Buffer>;

const made = new Map<string, Promise<Files>>();

/**
 * What `postern keys new` makes in `folder`, and its passphrase in `passphrase`: the certificate in `keys`, the secret
 * key in `postern-secret`. It is made once for the tests of a file.
 */
export async function giveStaffKey(folder: string, passphrase = "correct horse battery\n"): Promise<void> {
  const files = made.get(passphrase) ?? makeKey(passphrase);
  made.set(passphrase, files);
  for (const [path, contents] of await files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents, path.startsWith("keys") ? {} : { mode: 0o600 });
  }
}

/** In the process of the tests and with few iterations, which each `postern open` of it would take a second for. */
async function makeKey(passphrase: string): Promise<Files> {
  const [line = ""] = passphrase.split("\n");
  const pair = await createKeyPair({
    profile: "gnupg",
    userId: { name: "Staff" },
    passphrase: "",
    lifetime: TWO_YEARS,
  });
  const locked = await lockedBy(await readPrivateKey({ armoredKey: pair.secretKey }), line);
  const short = pair.fingerprint.slice(0, 16).toLowerCase();
  return new Map([
    ["passphrase", Buffer.from(passphrase)],
    [`keys/${short}.asc`, Buffer.from(pair.certificate)],
    [`postern-secret/postern-${short}-secret.asc`, Buffer.from(locked.armor())],
    [`postern-secret/postern-${short}-revocation.asc`, Buffer.from(pair.revocationCertificate)],
  ]);
}
