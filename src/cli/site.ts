import { createHash } from "node:crypto";
import { MANIFEST_FILE, MANIFEST_FOLDER, makeSite, writeSite } from "../verify/index.js";
import type { Config } from "./config.js";
import { openMailboxes } from "./open-store.js";
import { PortalInputsError, readPortalInputs, readSalt } from "./portal-inputs.js";

export interface SiteOptions {
  readonly onion?: boolean;
  readonly portalSalt?: string;
  readonly app?: string;
  readonly sends?: boolean;
}

/**
 * `postern site`: writes the submitters' pages as files, with an unsigned manifest; or, with `--sends`, the form alone.
 * @throws SiteError or PortalInputsError
 */
export async function writeSiteTo(folder: string, config: Config, options: SiteOptions): Promise<void> {
  const { sends = false } = options;
  if (sends && config.ways === null) {
    const needed = "set POSTERN_RELAYS and POSTERN_RECEIPT_KEY_FILE, or the form sends nothing";
    throw new PortalInputsError("invalid_usage", `--sends: ${needed} (docs/RELAY.md)`);
  }
  if (sends && options.onion === true) {
    throw new PortalInputsError("invalid_usage", "--sends: copies are for the clear net; leave out --onion");
  }
  const portalSalt = options.portalSalt === undefined ? await storedSalt(config) : readSalt(options.portalSalt);
  const inputs = await readPortalInputs(config);
  const site = await makeSite(
    { ...inputs, portalSalt },
    { onion: options.onion === true, app: options.app ?? null, sends },
  );
  await writeSite(site, folder);
  const manifest = sends ? MANIFEST_FILE : `${MANIFEST_FOLDER}/${MANIFEST_FILE}`;
  const digest = (name: string) =>
    createHash("sha256")
      .update(site.files.get(name) ?? "")
      .digest("hex");
  process.stdout.write(
    `files     ${site.files.size}\nmanifest  ${folder}/${manifest}\nSHA-256   ${digest(manifest)}\n`,
  );
  if (!sends) return;
  // For people who get the form from each other as a file: what to compare it by.
  for (const language of inputs.texts.keys()) {
    process.stdout.write(`form      ${language}.html, SHA-256 ${digest(`${language}.html`)}\n`);
  }
}

/** The salt in this machine's store. */
async function storedSalt(config: Config): Promise<Uint8Array> {
  const mask = process.umask();
  const salt = await (await openMailboxes(config)).portalSalt();
  // Unlike the store, the site is public: its files keep the shell's umask.
  process.umask(mask);
  return salt;
}
