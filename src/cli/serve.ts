import { createLog, type OperatorLog } from "../http/index.js";
import { loadTexts } from "../locales/index.js";
import { createPickupServer, Ledger, Staff, StaffFolder, startNotifier } from "../pickup/index.js";
import { createServer, Departure, loadRecipients, type Recipients, type UploadStore } from "../server/index.js";
import { readWellKnown } from "../verify/index.js";
import { type Config, ConfigError } from "./config.js";
import { isInside, localFolder } from "./folders.js";
import { readFormFile } from "./form-file.js";
import { listen, stop, untilTold } from "./listen.js";
import type { ListenAddress } from "./listen-address.js";
import { openStore } from "./open-store.js";

export interface Portal {
  readonly address: string;
  /** Where the staff's server listens, or null. */
  readonly pickup: string | null;
  /** Resolves when a signal has stopped it, and what was under way is finished. */
  readonly untilStopped: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Starts the submitters' portal.
 * @throws FormError, RecipientsError, StoreError or ConfigError when it must not start
 */
export async function startPortal(config: Config, log: OperatorLog, demonstration: boolean): Promise<Portal> {
  const local = localFolder(config);
  if (isInside(config.keys, local) || isInside(local, config.keys)) {
    throw new ConfigError("invalid_configuration", "POSTERN_KEYS and POSTERN_STORE must not lie inside one another");
  }
  const texts = loadTexts();
  const form = config.form === null ? null : await readFormFile(config.form, [...texts.keys()]);
  for (const folder of [config.keys, local]) {
    if (config.pickupListen === null) continue;
    if (isInside(config.staff, folder) || isInside(folder, config.staff)) {
      throw new ConfigError(
        "invalid_configuration",
        "POSTERN_STAFF must not lie inside POSTERN_KEYS or POSTERN_STORE, nor they in it",
      );
    }
  }
  const now = new Date();
  const recipients = await loadRecipients(config.keys, now);
  const { store, spoolFolder, secret } = await openStore(config);
  const departure = new Departure();
  const server = createServer({
    config: { ...config, demonstration, spoolFolder },
    store,
    secret,
    portalSalt: await store.mailboxes.portalSalt(),
    recipients,
    form,
    texts,
    departure,
    ...(config.manifest === null ? {} : { wellKnown: await readWellKnown(config.manifest) }),
    log,
  });
  const address = await listen(server, config.listen);
  const pickup =
    config.pickupListen === null ? null : await startPickup(config, config.pickupListen, store, recipients, log);
  for (const warning of recipients.warnings(now)) log.warn(warning);
  return {
    address,
    pickup: pickup?.address ?? null,
    untilStopped: async () => {
      await untilTold();
      pickup?.stop();
      const finished = await departure.begin(config.drainSeconds * 1_000);
      if (!finished) log.warn("stopped before everything under way had come");
      stop(server);
    },
    stop: () => {
      stop(server);
      pickup?.stop();
    },
  };
}

/** The staff's side, on a listener of its own: it shares nothing with the submitters' but the store. */
async function startPickup(
  config: Config,
  address: ListenAddress,
  store: UploadStore,
  recipients: Recipients,
  log: OperatorLog,
): Promise<{ readonly address: string; readonly stop: () => void }> {
  const folder = await StaffFolder.open(config.staff);
  const server = createPickupServer({
    submissions: store,
    mailboxes: store.mailboxes,
    folder,
    keys: recipients.all,
    log,
  });
  const bound = await listen(server, address);
  const quiet = startNotifier({ config: config.notify, submissions: store, ledger: new Ledger(folder), log });
  if ((await new Staff(folder).list()).length === 0)
    log.warn("nobody can sign in to pickup yet: run postern staff add");
  return {
    address: bound,
    stop: () => {
      quiet();
      stop(server);
    },
  };
}

/** `postern serve`: the address on the first line of standard output, everything else on standard error. */
export async function serve(config: Config): Promise<void> {
  process.umask(0o077);
  const portal = await startPortal(config, createLog(process.stderr), false);
  // From here on a signal is heard: whoever reads the address may send one at once.
  const stopped = portal.untilStopped();
  process.stdout.write(`${portal.address}\n`);
  if (portal.pickup !== null) process.stdout.write(`${portal.pickup}\n`);
  await stopped;
}
