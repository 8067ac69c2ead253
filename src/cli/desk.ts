import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CaseNotesError, createWorkbench, NOTES_FOLDER } from "../desk/index.js";
import { nullIfMissing } from "../files/index.js";
import { listen, stop, untilSignal } from "./listen.js";
import { openBrowser } from "./open-browser.js";
import { printable } from "./printable.js";
import { staffCertificates } from "./staff-certificates.js";

export interface DeskOptions {
  /** Folder for answers, which is carried to the server; `outbox` beside the cases unless given. */
  readonly outbox?: string;
  /** Folder of staff's certificates, to whom copies are encrypted; false for no copies. */
  readonly keepFor?: string | false;
}

/**
 * `postern desk`: the workbench, until a signal. Others on this machine see the arguments of a browser, so that it gets
 * a file of this user's which leads to the address.
 * @throws CaseNotesError, ListenError
 */
export async function serveDesk(cases: string, options: DeskOptions, hasDisplay: boolean): Promise<void> {
  process.umask(0o077);
  const root = resolve(cases);
  if ((await stat(root).catch(nullIfMissing))?.isDirectory() !== true) {
    throw new CaseNotesError("unknown_case", `${root} is no folder of cases`);
  }
  const onFault = (fault: Error) => void process.stderr.write(`${printable(fault.message)}\n`);
  const { server, newAddress, end } = await createWorkbench(root, onFault, {
    outbox: resolve(options.outbox ?? join(dirname(root), "outbox")),
    staff: async (now) => (options.keepFor === false ? null : staffCertificates(options.keepFor, now)),
  });
  await listen(server, { host: "127.0.0.1", port: 0 });
  const address = newAddress();
  const notes = join(root, NOTES_FOLDER);
  const launcher = join(notes, `open-${process.pid}.html`);
  try {
    if (hasDisplay) {
      await mkdir(notes, { recursive: true, mode: 0o700 });
      await writeFile(launcher, launcherPage(address), { mode: 0o600 });
      openBrowser(pathToFileURL(launcher).href, hasDisplay);
    }
    process.stdout.write(`the workbench is at ${address}\nthe address works once, in one browser; Ctrl-C ends it\n`);
    await untilSignal();
  } finally {
    stop(server);
    await end();
    await rm(launcher, { force: true });
  }
}

function launcherPage(address: string): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${address}"><title>Postern</title>\n`;
}
