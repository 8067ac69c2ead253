import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkSignature, createReleaseKey, readManifest, readSigner, signManifest } from "../verify/index.js";
import { grouped } from "./grouped.js";
import { lifetimeSeconds } from "./lifetime.js";
import { newPassphrase, passphrase } from "./passphrase.js";

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

/** `postern manifest key`: makes the key that signs manifests, on a machine other than the server. */
export async function makeReleaseKey(options: ReleaseKeyOptions): Promise<void> {
  process.umask(0o077);
  const lifetime = lifetimeSeconds(options.expires);
  const key = await createReleaseKey(options.name, await newPassphrase(options.passphraseFile), lifetime);
  const short = key.fingerprint.slice(0, 16).toLowerCase();
  const secret = join(options.out, `release-${short}-secret.asc`);
  const certificate = join(options.out, `release-${short}.asc`);
  await mkdir(options.out, { recursive: true });
  await writeFile(secret, key.secretKey, { mode: 0o600, flag: "wx" });
  await writeFile(certificate, key.certificate, { flag: "wx" });
  process.stdout.write(
    `fingerprint  ${grouped(key.fingerprint)}\ncertificate  ${certificate}\nsecret key   ${secret}\n`,
  );
  process.stderr.write(
    "keep the secret key on this machine, and give the certificate to everyone who watches the portal\n",
  );
}

/** `postern manifest sign`: writes a detached signature next to the manifest, as `gpg --armor --detach-sign` does. */
export async function sign(file: string, options: SignOptions): Promise<void> {
  const manifest = await readFile(file);
  // Never sign a file that postern verify would refuse.
  readManifest(manifest.toString("utf8"));
  const key = await readFile(options.key, "utf8");
  const secret = await passphrase(options.passphraseFile, "passphrase of the release key: ");
  await writeFile(`${file}.asc`, await signManifest(manifest, key, secret));
  process.stdout.write(`${file}.asc\n`);
}

/**
 * `postern manifest check`: prints who signed the manifest, and on which day.
 * @param signer path of the certificate
 */
export async function check(file: string, signer: string): Promise<void> {
  const manifest = await readFile(file);
  const certificate = await readSigner(await readFile(signer, "utf8"));
  const { by, day } = await checkSignature(manifest, await readFile(`${file}.asc`, "utf8"), certificate);
  const { version } = readManifest(manifest.toString("utf8")).manifest;
  process.stdout.write(`signed by  ${grouped(by)}\nday        ${day}\nversion    ${version}\n`);
}
