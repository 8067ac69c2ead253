import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createLog, type OperatorLog } from "../http/index.js";
import { loadTexts } from "../locales/index.js";
import { AnsweredSenders, Answers, answerTransport, createMailServer, MessageIds, TlsFiles } from "../mail/index.js";
import { Incidents } from "../server/index.js";
import { loadRecipients, newestDay, type Recipients } from "../server/recipients/index.js";
import { openFileDrop, type Store } from "../store/index.js";
import { type Config, ConfigError, type MailSettings } from "./config.js";
import { requireSeparateFolders } from "./folders.js";
import { watchKeys } from "./keys-watch.js";
import { listen, untilSignal } from "./listen.js";
import { isPrivate } from "./listen-address.js";
import { notifyReady } from "./notify-ready.js";

/** The mail server's own folder and file beside what the portal has in the store. */
const INCOMING = "mail";
const IDS_FILE = "mail-ids.json";
const ANSWERED_FILE = "mail-answered.json";
const EXPIRE_INTERVAL_MS = 60 * 60 * 1000;

export interface RunningMailServer {
  /** Addresses that it listens on. */
  readonly addresses: readonly string[];
  readonly recipients: Recipients;
  readonly incidents: Incidents;
  readonly stop: (timeoutMs: number) => Promise<void>;
}

/** `postern mail`: prints the addresses to standard output, one per line, and everything else to standard error. */
export async function mail(config: Config): Promise<void> {
  process.umask(0o077);
  const log = createLog(process.stderr);
  const running = await startMailServer(config, log);
  watchKeys(config.keys, running.recipients, log);
  // A last resort: one message that meets a fault of ours must not end those of all others.
  process.on("uncaughtException", running.incidents.record);
  const stopped = untilSignal();
  for (const address of running.addresses) process.stdout.write(`${address}\n`);
  if (config.awaited) await notifyReady(log);
  await stopped;
  await running.stop(config.drainSeconds * 1_000);
}

/** @throws ConfigError, RecipientsError, TlsFilesError, MessageIdsError or StoreError if it must not start */
export async function startMailServer(config: Config, log: OperatorLog): Promise<RunningMailServer> {
  const { mail: settings } = config;
  if (settings === null) {
    throw new ConfigError(
      "invalid_configuration",
      "POSTERN_MAIL_LISTEN: must be set to take letters by email, such as 0.0.0.0:25",
    );
  }
  requireSeparateFolders(config);
  const recipients = await loadRecipients(config.keys, new Date());
  const { store, spoolFolder, folder } = await openMailStore(config);
  const files = settings.certificate === null ? null : new TlsFiles(settings.certificate, settings.key);
  const ids = await MessageIds.open(join(folder, IDS_FILE));
  const answered = settings.answer === null ? null : await AnsweredSenders.open(join(folder, ANSWERED_FILE));
  const texts = loadTexts();
  const server = createMailServer({
    config: { ...config, ...settings, spoolFolder },
    store,
    recipients,
    newestDay: await newestDay(store),
    ids,
    texts,
    log,
    tls: (await files?.read()) ?? null,
    answers: answered && answersOf(settings, answered, texts, log),
  });
  const addresses = [await listen(server.plain.server, settings.listen, settings.protocol)];
  if (server.secure !== null && settings.tlsListen !== null) {
    addresses.push(await listen(server.secure.server, settings.tlsListen, "smtps"));
  }
  const stopWatching = files?.watch(
    (identity) => {
      server.setTls(identity);
      log.mended("certificate");
    },
    (cause) => log.failing("certificate", "unusable", cause),
  );
  const expire = () => Promise.all([ids.expire(), answered?.expire()]);
  const expiring = setInterval(
    () => void expire().catch((cause) => log.failing("expiring", "io", cause)),
    EXPIRE_INTERVAL_MS,
  );
  expiring.unref();
  for (const warning of recipients.warnings(new Date())) log.warn(warning);
  if (settings.protocol === "lmtp")
    log.warn("letters wait readable in the queue of the mail server in front: encrypt its disk");
  else if (files === null && !isPrivate(settings.listen))
    log.warn("letters arrive without TLS: set POSTERN_MAIL_CERTIFICATE and POSTERN_MAIL_KEY");
  return {
    addresses,
    recipients,
    incidents: new Incidents(log),
    stop: async (timeoutMs) => {
      stopWatching?.();
      clearInterval(expiring);
      await server.close(timeoutMs);
    },
  };
}

function answersOf(
  { addresses, answer }: MailSettings,
  answered: AnsweredSenders,
  texts: ReturnType<typeof loadTexts>,
  log: OperatorLog,
): Answers | null {
  const [from] = addresses;
  if (answer === null || from === undefined) return null;
  const transport = answerTransport(answer.server, from);
  return new Answers({ addresses, site: answer.site, answered, transport, texts, log });
}

interface MailStore {
  readonly store: Store;
  readonly spoolFolder: string;
  /** For what the mail server remembers. */
  readonly folder: string;
}

/** Opens the store beside the portal, which may be running. @throws StoreError */
async function openMailStore({ store: place, spool }: Config): Promise<MailStore> {
  if (place.kind === "file") {
    const store = await openFileDrop(place.folder, INCOMING);
    return { store, spoolFolder: store.incoming, folder: place.folder };
  }
  const store = await (await import("../store/s3/index.js")).openS3Store(place);
  await mkdir(spool, { recursive: true, mode: 0o700 });
  return { store, spoolFolder: spool, folder: spool };
}
