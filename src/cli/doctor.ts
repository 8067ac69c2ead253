import { Fault } from "../core/index.js";
import { examineDeployment } from "../doctor/index.js";
import { INSTALLED_FOLDER } from "../files/index.js";
import { readSocksProxy, type SocksProxy } from "../http-client/index.js";
import { loadTexts } from "../locales/index.js";
import type { Config } from "./config.js";
import { localFolder } from "./folders.js";
import { openSubmissions } from "./open-store.js";
import { printable } from "./printable.js";

export class DoctorError extends Fault<"faults_found" | "bad_address"> {}

export interface DoctorOptions {
  readonly socks?: string;
  readonly clock: readonly string[];
  readonly proxyConfig: readonly string[];
  /** Whether a warning makes the command fail, as a fault does. */
  readonly strict?: boolean;
}

/**
 * `postern doctor`: prints the result of each check, and how to fix what is wrong.
 * @throws DoctorError for a fault, with `strict` for a warning as well, or for a malformed address
 */
export async function doctor(config: Config, urls: readonly string[], options: DoctorOptions): Promise<void> {
  let faults = 0;
  let warnings = 0;
  const reachStore = config.store.kind === "file" ? null : () => openSubmissions(config);
  const findings = examineDeployment(
    { ...config, program: INSTALLED_FOLDER, store: localFolder(config), reachStore },
    {
      urls: urls.map(readUrl),
      clocks: options.clock.map(readUrl),
      socks: options.socks === undefined ? null : readSocks(options.socks),
      proxyConfigs: options.proxyConfig,
      languages: [...loadTexts().keys()],
    },
  );
  for await (const { level, subject, message, fix } of findings) {
    if (level === "fault") faults += 1;
    if (level === "warning") warnings += 1;
    // A message may quote another server's response.
    process.stdout.write(`${level.padEnd(8)} ${printable(`${subject}: ${message}`)}\n`);
    if (fix !== null) process.stdout.write(`         to fix it: ${printable(fix)}\n`);
  }
  const found = [count(faults, "fault"), ...(options.strict === true ? [count(warnings, "warning")] : [])];
  const named = found.filter((each) => each !== null);
  if (named.length > 0) throw new DoctorError("faults_found", `found ${named.join(" and ")} to fix`);
}

function count(number: number, what: string): string | null {
  return number === 0 ? null : `${number} ${what}${number === 1 ? "" : "s"}`;
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DoctorError("bad_address", `${text}: expected an address that begins with https:// or http://`);
  }
  return url;
}

function readSocks(text: string): SocksProxy {
  const proxy = readSocksProxy(text);
  if (proxy === null) throw new DoctorError("bad_address", `--socks ${text}: expected HOST:PORT`);
  return proxy;
}
