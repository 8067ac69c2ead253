import { loadTexts } from "../locales/index.js";
import { createLog, createServer, loadRecipients, type OperatorLog } from "../server/index.js";
import { openFileStore } from "../store/index.js";
import { type Config, ConfigError, isInside } from "./config.js";
import { readFormFile } from "./form-file.js";
import { listen, stop, untilStopped } from "./listen.js";

export interface Portal {
  readonly address: string;
  /** Resolves when a signal has stopped it. */
  readonly untilStopped: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Starts the submitters' portal.
 * @throws FormError, RecipientsError, StoreError or ConfigError when it must not start
 */
export async function startPortal(config: Config, log: OperatorLog, demonstration: boolean): Promise<Portal> {
  if (isInside(config.keys, config.store) || isInside(config.store, config.keys)) {
    throw new ConfigError("invalid_configuration", "POSTERN_KEYS and POSTERN_STORE must not lie inside one another");
  }
  const texts = loadTexts();
  const form = config.form === null ? null : await readFormFile(config.form, [...texts.keys()]);
  const now = new Date();
  const recipients = await loadRecipients(config.keys, now);
  const store = await openFileStore(config.store);
  const server = createServer({
    config: { ...config, demonstration, spoolFolder: store.incoming },
    store,
    portalSalt: await store.mailboxes.portalSalt(),
    recipients,
    form,
    texts,
    log,
  });
  const address = await listen(server, config.listen);
  for (const warning of recipients.warnings(now)) log.warn(warning);
  return { address, untilStopped: () => untilStopped(server), stop: () => stop(server) };
}

/** `postern serve`: the address on the first line of standard output, everything else on standard error. */
export async function serve(config: Config): Promise<void> {
  process.umask(0o077);
  const portal = await startPortal(config, createLog(process.stderr), false);
  process.stdout.write(`${portal.address}\n`);
  await portal.untilStopped();
}
