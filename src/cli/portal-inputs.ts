import { Fault, fromHex, PORTAL_SALT_LENGTH } from "../core/index.js";
import { loadTexts } from "../locales/index.js";
import { loadRecipients } from "../server/recipients/index.js";
import type { PortalInputs } from "../verify/index.js";
import type { Config } from "./config.js";
import { readOperatorFiles } from "./operator-files.js";

export class PortalInputsError extends Fault<"invalid_usage"> {}

/** The inputs of a portal's responses that the configuration holds, read as `postern serve` reads them. */
export async function readPortalInputs(config: Config): Promise<Omit<PortalInputs, "portalSalt">> {
  const texts = loadTexts();
  const { organisation, onion, maxSubmission, maxFiles, answerDays, retentionDays, draftDays, addresses, ways } =
    config;
  return {
    recipients: await loadRecipients(config.keys, new Date()),
    texts,
    ...(await readOperatorFiles(config, [...texts.keys()])),
    answerDays,
    retentionDays,
    draftDays,
    addresses,
    ways,
    organisation,
    onion,
    maxSubmission,
    maxFiles,
  };
}

/** A portal salt in hex, as `postern verify` prints it. @throws PortalInputsError */
export function readSalt(hex: string): Uint8Array {
  if (!new RegExp(`^[0-9a-f]{${2 * PORTAL_SALT_LENGTH}}$`).test(hex)) {
    throw new PortalInputsError("invalid_usage", `--portal-salt: expected ${2 * PORTAL_SALT_LENGTH} hex digits`);
  }
  return fromHex(hex);
}
