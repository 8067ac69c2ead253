import { createLog } from "../http/index.js";
import type { Config } from "./config.js";
import { watchKeys } from "./keys-watch.js";
import { notifyReady } from "./notify-ready.js";
import { startPortal } from "./portal.js";

/** `postern serve`: prints the addresses to standard output, one per line, and everything else to standard error. */
export async function serve(config: Config): Promise<void> {
  process.umask(0o077);
  const log = createLog(process.stderr);
  const portal = await startPortal(config, log, false);
  watchKeys(config.keys, portal.recipients, log);
  // A last resort: one request that meets a fault of ours must not end those of all others.
  process.on("uncaughtException", portal.incidents.record);
  // Before printing: a program that reads the address may send a signal at once.
  const stopped = portal.untilStopped();
  process.stdout.write(`${portal.address}\n`);
  if (portal.pickup !== null) process.stdout.write(`${portal.pickup}\n`);
  if (portal.onion !== null) process.stdout.write(`${portal.onion}\n`);
  if (config.awaited) await notifyReady(log);
  await stopped;
}
