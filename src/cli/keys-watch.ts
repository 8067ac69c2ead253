import type { OperatorLog } from "../http/index.js";
import { loadRecipients, type Recipients } from "../server/recipients/index.js";

const INTERVAL_MS = 60_000;

/**
 * Compares the certificates in `folder` with those in use, each minute and on SIGHUP, until the process ends. Logs each
 * difference once. A broken file does not stop a running server: it goes on with what it read when it started.
 */
export function watchKeys(folder: string, used: Recipients, log: OperatorLog): void {
  const before = contentsOf(used);
  let logged: string | null = null;
  const compare = async () => {
    const difference = await differenceTo(before, folder);
    if (difference === logged) return;
    logged = difference;
    if (difference === null) log.info(`the certificates in ${folder} are those in use`);
    else log.warn(difference);
  };
  // Not before the one under way has ended, so that an older result is never logged after a newer one.
  let last = Promise.resolve();
  const next = () => {
    last = last.then(compare);
  };
  process.on("SIGHUP", next);
  setInterval(next, INTERVAL_MS).unref();
}

async function differenceTo(before: string, folder: string): Promise<string | null> {
  try {
    if (contentsOf(await loadRecipients(folder, new Date())) === before) return null;
    return `the certificates in ${folder} have changed: restart to use them`;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return `${why}\nthe certificates read at the start stay in use, but a restart would fail`;
  }
}

/** Not why a file is unused, which time may change. */
function contentsOf({ all, unused }: Recipients): string {
  return JSON.stringify([all.map(({ certificate }) => certificate.armor()), unused.map(({ file }) => file)]);
}
