import { Fault, fromHex, PORTAL_SALT_LENGTH } from "../core/index.js";
import type { OwnForm } from "../form/index.js";
import { loadTexts, type Texts } from "../locales/index.js";
import { loadRecipients, type Recipients } from "../server/index.js";
import type { Config } from "./config.js";
import { readFormFile } from "./form-file.js";

export class PortalInputsError extends Fault<"invalid_usage"> {}

/** What of a portal's answers is in the configuration alone, read as `postern serve` reads it. */
export async function readPortalInputs(config: Config): Promise<{
  readonly recipients: Recipients;
  readonly texts: ReadonlyMap<string, Texts>;
  readonly form: OwnForm | null;
  readonly organisation: string | null;
  readonly onion: string | null;
  readonly maxSubmission: number;
  readonly maxFiles: number;
}> {
  const texts = loadTexts();
  const { organisation, onion, maxSubmission, maxFiles } = config;
  return {
    recipients: await loadRecipients(config.keys, new Date()),
    texts,
    form: config.form === null ? null : await readFormFile(config.form, [...texts.keys()]),
    organisation,
    onion,
    maxSubmission,
    maxFiles,
  };
}

/** A portal salt as every page with the client names it. */
export function readSalt(hex: string): Uint8Array {
  if (!new RegExp(`^[0-9a-f]{${2 * PORTAL_SALT_LENGTH}}$`).test(hex)) {
    throw new PortalInputsError("invalid_usage", `--portal-salt: expected ${2 * PORTAL_SALT_LENGTH} hex digits`);
  }
  return fromHex(hex);
}
