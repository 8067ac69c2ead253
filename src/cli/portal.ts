import { pathToFileURL } from "node:url";
import { DAY_MS } from "../core/index.js";
import type { OperatorLog } from "../http/index.js";
import { loadTexts } from "../locales/index.js";
import { createPortal, Incidents, Shutdown } from "../server/index.js";
import { KeyClock, loadRecipients, newestDay, type Recipients, warningOf } from "../server/recipients/index.js";
import { readWellKnown } from "../verify/index.js";
import { type Config, ConfigError } from "./config.js";
import { requireSeparateFolders } from "./folders.js";
import { listen, stop, untilSignal } from "./listen.js";
import type { ListenAddress } from "./listen-address.js";
import { openStore } from "./open-store.js";
import { readOperatorFiles } from "./operator-files.js";
import { startPickup } from "./pickup.js";

export interface Portal {
  readonly address: string;
  /** Address of the listener for the onion service, or null. */
  readonly onion: string | null;
  /** Address of the staff's server, or null. */
  readonly pickup: string | null;
  readonly recipients: Recipients;
  readonly incidents: Incidents;
  /** Resolves once a signal has stopped the portal and the open requests have finished. */
  readonly untilStopped: () => Promise<void>;
  readonly stop: () => void;
}

/** For a portal that is new it is right; the log says it once in the life of a store. */
const NEW_SALT =
  "this store is new and has a salt of its own: receipt codes that another store gave out find no reply here. " +
  "If there was one, stop now and copy it with postern store copy";

/** `postern verify` and `postern site` need the public halves only. @throws ConfigError */
function requireSecrets({ ways }: Config): void {
  const lacking =
    ways?.key.sign === null ? "POSTERN_RECEIPT_KEY" : ways?.mailboxKey?.open === null ? "POSTERN_MAILBOX_KEY" : null;
  if (lacking === null) return;
  throw new ConfigError("invalid_configuration", `${lacking}: a portal needs the private key`);
}

/**
 * Starts the submitters' portal, and the staff's server if it is configured.
 * @throws FormError, RecipientsError, StoreError, ManifestError or ConfigError if it must not start
 */
export async function startPortal(config: Config, log: OperatorLog, demonstration: boolean): Promise<Portal> {
  requireSeparateFolders(config);
  requireSecrets(config);
  const texts = loadTexts();
  const { form, about } = await readOperatorFiles(config, [...texts.keys()]);
  const now = new Date();
  const recipients = await loadRecipients(config.keys, now);
  const { store, spoolFolder, secret } = await openStore(config);
  const newest = await newestDay(store);
  const salted = (await store.mailboxes.storedSalt()) !== null;
  const shutdown = new Shutdown();
  const incidents = new Incidents(log);
  const parts = {
    config: { ...config, about, demonstration, spoolFolder },
    store,
    secret,
    portalSalt: await store.mailboxes.portalSalt(),
    newestDay: newest,
    recipients,
    form,
    texts,
    shutdown,
    incidents,
    ...(config.earlierScripts === null ? {} : { earlierScripts: pathToFileURL(`${config.earlierScripts}/`) }),
    ...(config.manifest === null ? {} : { wellKnown: await readWellKnown(config.manifest) }),
    log,
  };
  // Tor says by a PROXY line which circuit a connection belongs to, whatever tells visitors of the clear net apart.
  const listeners: [ListenAddress, Config["clients"]][] = [[config.listen, config.clients]];
  if (config.onionListen !== null) listeners.push([config.onionListen, "proxy_protocol"]);
  const { servers } = createPortal(
    parts,
    listeners.map(([, clients]) => clients),
  );
  const bound: string[] = [];
  for (const [index, [place]] of listeners.entries()) {
    const server = servers[index];
    if (server !== undefined) bound.push(await listen(server, place));
  }
  const [address = "", onion = null] = bound;
  const stopServers = () => servers.forEach(stop);
  const pickup =
    config.pickupListen === null ? null : await startPickup(config, config.pickupListen, store, recipients, log);
  const behind = warningOf(new KeyClock(() => now, newest).notice());
  if (!salted && recipients.all.some(({ certificate }) => now.getTime() - certificate.created.getTime() > DAY_MS)) {
    log.warn(NEW_SALT);
  }
  for (const warning of [...recipients.warnings(now), ...behind]) log.warn(warning);
  return {
    address,
    onion,
    recipients,
    incidents,
    pickup: pickup?.address ?? null,
    untilStopped: async () => {
      await untilSignal();
      pickup?.stop();
      const finished = await shutdown.begin(config.drainSeconds * 1_000);
      if (!finished) log.warn("stopped before all open requests had finished");
      stopServers();
    },
    stop: () => {
      stopServers();
      pickup?.stop();
    },
  };
}
