import { createHash } from "node:crypto";
import { MANIFEST_FILE, MANIFEST_FOLDER, makeSite, writeSite } from "../verify/index.js";
import type { Config } from "./config.js";
import { openMailboxes } from "./open-store.js";
import { readPortalInputs, readSalt } from "./portal-inputs.js";

export interface SiteOptions {
  readonly onion?: boolean;
  readonly portalSalt?: string;
  readonly app?: string;
}

/**
 * `postern site`: writes the submitters' pages as files, with an unsigned manifest.
 * @throws SiteError or PortalInputsError
 */
export async function writeSiteTo(folder: string, config: Config, options: SiteOptions): Promise<void> {
  const portalSalt = options.portalSalt === undefined ? await storedSalt(config) : readSalt(options.portalSalt);
  const site = await makeSite(
    { ...(await readPortalInputs(config)), portalSalt },
    { onion: options.onion === true, app: options.app ?? null },
  );
  await writeSite(site, folder);
  const manifest = `${MANIFEST_FOLDER}/${MANIFEST_FILE}`;
  const digest = createHash("sha256")
    .update(site.files.get(manifest) ?? "")
    .digest("hex");
  process.stdout.write(`files     ${site.files.size}\nmanifest  ${folder}/${manifest}\nSHA-256   ${digest}\n`);
}

/** The salt in this machine's store. */
async function storedSalt(config: Config): Promise<Uint8Array> {
  const mask = process.umask();
  const salt = await (await openMailboxes(config)).portalSalt();
  // Unlike the store, the site is public: its files keep the shell's umask.
  process.umask(mask);
  return salt;
}
