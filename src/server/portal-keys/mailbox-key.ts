import type { KeyObject } from "node:crypto";
import type { OpenedQuestion } from "../../seal/index.js";
import { readPortalKey } from "./portal-key.js";

/** What questions to a mailbox are sealed to, so that a relay sees neither the mailbox nor an answer. P-256. */
export interface MailboxKey {
  /** Its public half: SubjectPublicKeyInfo in base64. */
  readonly spki: string;
  /** Opens a sealed question, or rejects with SealError; null where only the public half is known. */
  readonly open: ((sealed: Uint8Array<ArrayBuffer>) => Promise<OpenedQuestion>) | null;
}

/**
 * Reads a key in PEM. The public half is enough where nothing is opened, as for `postern verify`.
 * @throws PortalKeyError
 */
export function readMailboxKey(pem: string): MailboxKey {
  const { spki, secret } = readPortalKey(pem);
  const known = { spki: spki.toString("base64") };
  if (secret === null) return { ...known, open: null };
  const open = openerWith(spki, secret);
  // Whoever asks first hears of it.
  open.catch(() => undefined);
  return { ...known, open: async (sealed) => (await open)(sealed) };
}

/** Loads HPKE, which only a portal needs: every command reads the settings. */
async function openerWith(spki: Buffer<ArrayBuffer>, secret: KeyObject): Promise<NonNullable<MailboxKey["open"]>> {
  const { importMailboxKeyPair, openQuestion } = await import("../../seal/index.js");
  const pkcs8 = Buffer.from(secret.export({ type: "pkcs8", format: "der" }));
  const pair = await importMailboxKeyPair(spki, pkcs8).finally(() => pkcs8.fill(0));
  return (sealed) => openQuestion(sealed, pair);
}
