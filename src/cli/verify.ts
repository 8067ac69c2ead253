import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Fault } from "../core/index.js";
import { HttpClient, readSocksProxy } from "../http-client/index.js";
import { RecipientsError } from "../server/recipients/index.js";
import {
  checkAgainstBuild,
  checkAgainstManifest,
  checkSendingAgainstBuild,
  checkSendingAgainstManifest,
  checkSignature,
  fetchBounded,
  MANIFEST_FILE,
  MANIFEST_FOLDER,
  Report,
  readManifest,
  readSigner,
} from "../verify/index.js";
import type { Config } from "./config.js";
import { grouped } from "./grouped.js";
import { readPortalInputs, readSalt } from "./portal-inputs.js";
import { printable } from "./printable.js";

export class VerifyError extends Fault<"different" | "invalid_usage"> {}

export interface VerifyOptions {
  readonly socks?: string;
  readonly manifest?: string;
  readonly signer?: string;
  readonly portalSalt?: string;
  readonly copy?: boolean;
  readonly sends?: boolean;
}

const MAX_MANIFEST_BYTES = 1024 ** 2;

/**
 * `postern verify`: compares a live portal with this build, or with a signed manifest. Prints one line per difference.
 * @param readConfig called only for a comparison with this build
 * @throws VerifyError `different` or `invalid_usage`
 */
export async function verify(
  readConfig: () => Promise<Config>,
  address: string,
  options: VerifyOptions,
): Promise<void> {
  const proxy = options.socks === undefined ? null : readSocksProxy(options.socks);
  if (options.socks !== undefined && proxy === null) usage(`--socks ${options.socks}: expected HOST:PORT`);
  const client = new HttpClient(readAddress(address, options.sends === true), { proxy });
  const report = new Report();
  if (options.signer !== undefined) await compareWithManifest(client, options, options.signer, report);
  else if (options.manifest !== undefined) usage("--manifest: give --signer as well, to check who signed it");
  else await compareWithBuild(client, await readConfig(), options, report);
  print(report);
}

async function compareWithBuild(
  client: HttpClient,
  config: Config,
  options: VerifyOptions,
  report: Report,
): Promise<void> {
  const inputs = await readPortalInputs(config).catch((cause: unknown) => {
    if (cause instanceof RecipientsError) return usage(cause.message);
    throw cause;
  });
  const portalSalt = options.portalSalt === undefined ? null : readSalt(options.portalSalt);
  if (options.sends === true) {
    // Whoever keeps a copy is a stranger: what it sends to is known from elsewhere, or not at all.
    if (inputs.ways === null) {
      usage("--sends: set POSTERN_RELAYS and the receipt key as the portal's operator names them, or give --signer");
    }
    return checkSendingAgainstBuild({ client }, { ...inputs, portalSalt }, report);
  }
  await checkAgainstBuild(client, { ...inputs, portalSalt }, { copy: options.copy === true }, report);
}

async function compareWithManifest(
  client: HttpClient,
  options: VerifyOptions,
  signer: string,
  report: Report,
): Promise<void> {
  const certificate = await readSigner(await read(signer)).catch((cause: unknown) => {
    throw new VerifyError("invalid_usage", `--signer ${signer}: this certificate cannot be used`, { cause });
  });
  const folder = options.sends === true ? client.url.pathname : `/${MANIFEST_FOLDER}/`;
  const place = options.manifest ?? `${folder}${MANIFEST_FILE}`;
  const [manifest, signature] =
    options.manifest === undefined
      ? [await fetchFile(client, place, report), await fetchFile(client, `${place}.asc`, report)]
      : [Buffer.from(await read(options.manifest)), Buffer.from(await read(`${options.manifest}.asc`))];
  if (manifest === null || signature === null) return;
  try {
    const { by, day } = await checkSignature(manifest, signature.toString("utf8"), certificate);
    const parsed = readManifest(manifest.toString("utf8"));
    const digest = createHash("sha256").update(manifest).digest("hex");
    process.stdout.write(
      `manifest   version ${printable(parsed.manifest.version)}, signed on ${day} by ${grouped(by)}, SHA-256 ${digest}\n`,
    );
    if (options.sends === true) await checkSendingAgainstManifest({ client }, parsed, report);
    else await checkAgainstManifest(client, parsed, { copy: options.copy === true }, report);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    report.differ(place, cause.message);
  }
}

/** A file that the portal serves next to its manifest; null, with a difference in the report, if it has none. */
async function fetchFile(client: HttpClient, path: string, report: Report): Promise<Buffer | null> {
  const found = await fetchBounded(client, path, null, MAX_MANIFEST_BYTES);
  if (found.kind === "response" && found.status === 200 && found.complete) return found.contents;
  const missing = (status: number) => `status ${status}: the portal has no signed manifest`;
  report.differ(path, found.kind === "failed" ? found.why : missing(found.status));
  return null;
}

function print({ differences, notes, takenOver, compared }: Report): void {
  const line = (kind: string, text: string) => process.stdout.write(`${kind.padEnd(10)} ${printable(text)}\n`);
  for (const each of takenOver) line("taken over", `from the page: ${each}`);
  for (const each of notes) line("note", each);
  for (const { path, what } of differences) line("different", `${path}: ${what}`);
  if (differences.length === 0) {
    line("same", `${compared} responses match, byte for byte and header for header`);
    return;
  }
  const paths = new Set(differences.map(({ path }) => path)).size;
  throw new VerifyError("different", `${paths} of ${compared} responses differ`);
}

function readAddress(text: string, folder: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    !(folder ? url.pathname.endsWith("/") : url.pathname === "/") ||
    url.search + url.hash !== ""
  ) {
    return usage(
      folder
        ? `${text}: expected the address of a copy's folder, such as https://host.example.org/form/`
        : `${text}: expected the address of a portal, such as https://portal.example.org/`,
    );
  }
  return url;
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => usage(`${path}: this file cannot be read`));
}

function usage(message: string): never {
  throw new VerifyError("invalid_usage", message);
}
