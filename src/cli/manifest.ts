import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkSignature, createReleaseKey, readManifest, readSigner, signManifest } from "../verify/index.js";
import { groups, parseLifetime } from "./keys.js";
import { askNewPassphrase, askPassphrase, passphraseFromFile } from "./passphrase.js";

export interface ReleaseKeyOptions {
  readonly name: string;
  readonly out: string;
  readonly expires: string;
  readonly passphraseFile?: string;
}

export interface SignOptions {
  readonly key: string;
  readonly passphraseFile?: string;
}

/** `postern manifest key`: the key that manifests are signed with, for a machine that is not the server. */
export async function releaseKeyCommand(options: ReleaseKeyOptions): Promise<void> {
  process.umask(0o077);
  const lifetime = parseLifetime(options.expires);
  const passphrase =
    options.passphraseFile === undefined ? await askNewPassphrase() : await passphraseFromFile(options.passphraseFile);
  const key = await createReleaseKey(options.name, passphrase, lifetime);
  const short = key.fingerprint.slice(0, 16).toLowerCase();
  const secret = join(options.out, `release-${short}-secret.asc`);
  const certificate = join(options.out, `release-${short}.asc`);
  await mkdir(options.out, { recursive: true });
  await writeFile(secret, key.secretKey, { mode: 0o600, flag: "wx" });
  await writeFile(certificate, key.certificate, { flag: "wx" });
  process.stdout.write(
    `fingerprint  ${groups(key.fingerprint)}\ncertificate  ${certificate}\nsecret key   ${secret}\n`,
  );
  process.stderr.write(
    "the secret key stays on this machine; give the certificate to whoever is to watch the portal\n",
  );
}

/** `postern manifest sign`: a detached signature beside the manifest, as `gpg --armor --detach-sign` makes it. */
export async function signCommand(file: string, options: SignOptions): Promise<void> {
  const manifest = await readFile(file);
  // Only what can be read back is worth a signature.
  readManifest(manifest.toString("utf8"));
  const key = await readFile(options.key, "utf8");
  const passphrase =
    options.passphraseFile === undefined
      ? await askPassphrase("passphrase of the release key: ")
      : await passphraseFromFile(options.passphraseFile);
  const signature = await signManifest(manifest, key, passphrase);
  await writeFile(`${file}.asc`, signature);
  process.stdout.write(`${file}.asc\n`);
}

/** `postern manifest check`: who signed it, and on which day. */
export async function checkCommand(file: string, options: { readonly signer: string }): Promise<void> {
  const manifest = await readFile(file);
  const signer = await readSigner(await readFile(options.signer, "utf8"));
  const { by, day } = await checkSignature(manifest, await readFile(`${file}.asc`, "utf8"), signer);
  const { version } = readManifest(manifest.toString("utf8")).manifest;
  process.stdout.write(`signed by  ${groups(by)}\nday        ${day}\nversion    ${version}\n`);
}
