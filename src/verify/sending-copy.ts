import type { HttpClient } from "../http-client/index.js";
import { describeDifference } from "./excerpt.js";
import { explain } from "./explanation.js";
import { type FetchResult, fetchBounded, forEachShuffled } from "./fetch.js";
import { judgeHostHeaders } from "./header-check.js";
import { LocalPortal } from "./local-portal.js";
import { digestOf, type Manifest, ManifestError } from "./manifest.js";
import { fingerprintsIn, surplus } from "./page-parts.js";
import { type KnownInputs, readPageSettings, readWays, statedWays, takeOver } from "./page-settings.js";
import type { Report } from "./report.js";
import { waysDifferences } from "./ways-differences.js";

/** Where a portal has the pages of a copy that sends; the copy has them in a folder of its own. */
const PORTAL_FOLDER = "/offline/";
const INDEX = "index.html";
/** The offline form, with all scripts, has about 600 KiB. */
const MAX_PAGE_BYTES = 4 * 1024 ** 2;
const MOVED = [301, 302, 307, 308];

/** A copy that sends, at some host: the client's URL is the folder's, and ends with a slash. */
export interface SendingCopy {
  readonly client: HttpClient;
}

/** The names, in a copy, of those of a portal's `paths` that belong into it: none where its form sends nothing. */
export function sendingNames(paths: readonly string[]): readonly string[] {
  const names = paths.filter((path) => path.startsWith(PORTAL_FOLDER)).map((path) => path.slice(PORTAL_FOLDER.length));
  return names.includes(INDEX) ? names : [];
}

/** The path at the portal of what has this name in a copy. */
export function portalPathOf(name: string): string {
  return PORTAL_FOLDER + name;
}

/** Compares each page of a copy that sends with what this build makes of the same inputs. */
export async function checkSendingAgainstBuild(copy: SendingCopy, known: KnownInputs, report: Report): Promise<void> {
  const [first = ""] = known.texts.keys();
  const [front, form] = [await fetchPage(copy, ""), await fetchPage(copy, `${first}.html`)].map((found) =>
    found.kind === "response" ? found.contents.toString("utf8") : "",
  );
  // The form states the settings, the front page who and where we are.
  const settings = readPageSettings(`${front}${form}`);
  const local = await LocalPortal.open(takeOver(known, settings, readWays(form ?? ""), report));
  try {
    const names = sendingNames(local.paths.map(({ path }) => path));
    await forEachPage(names, async (name, kept) => {
      const { bytes } = await local.get(portalPathOf(kept), "portal.example.org");
      await judge(copy, name, report, async (contents, complete) => {
        const difference = describeDifference(bytes, contents, complete);
        return difference === null ? [] : [...(await explain(bytes, contents)), difference];
      });
    });
  } finally {
    await local.close();
  }
}

/**
 * Compares each page with its digest in the portal's signed manifest.
 * @throws ManifestError `unreadable` where the manifest is of a portal whose form sends nothing
 */
export async function checkSendingAgainstManifest(
  copy: SendingCopy,
  { manifest, postern }: Manifest,
  report: Report,
): Promise<void> {
  const names = sendingNames(Object.keys(manifest.files));
  if (names.length === 0) throw new ManifestError("unreadable", "this manifest names no pages of a copy that sends");
  await forEachPage(names, (name, kept) =>
    judge(copy, name, report, async (contents, complete) => {
      const [digest, stated] = [digestOf(contents), manifest.files[portalPathOf(kept)]];
      if (!complete) return [`longer than ${MAX_PAGE_BYTES} bytes`];
      if (digest === stated) return [];
      return [...foreign(contents.toString("utf8"), postern), `SHA-256 is ${digest}; the manifest says ${stated}`];
    }),
  );
}

/** What a changed form sends to and encrypts to that the manifest does not name. A manifest names no scripts. */
function foreign(page: string, { keys, ways }: Manifest["postern"]): readonly string[] {
  const found = readWays(page);
  const named = /<main\b.*<\/main>/s.exec(page)?.[0] ?? "";
  return [
    ...(found === null ? [] : waysDifferences(ways ?? null, statedWays(found))),
    ...surplus(fingerprintsIn(named), keys).map((key) => `a key that is not in the manifest: ${key}`),
  ];
}

/** Each page, and the folder itself, which has to be the front page. */
async function forEachPage(
  names: readonly string[],
  work: (name: string, kept: string) => Promise<void>,
): Promise<void> {
  await forEachShuffled(["", ...names], (name) => work(name, name === "" ? INDEX : name));
}

async function judge(
  copy: SendingCopy,
  name: string,
  report: Report,
  compare: (contents: Buffer, complete: boolean) => Promise<readonly string[]>,
): Promise<void> {
  const path = copy.client.url.pathname + name;
  const found = await fetchPage(copy, name);
  report.compared += 1;
  if (found.kind === "failed") {
    report.differ(path, `no readable response: ${found.why}`);
    return;
  }
  if (found.status !== 200) report.differ(path, `status ${found.status}; expected 200`);
  const { differences, notes } = judgeHostHeaders(found.headers);
  report.differ(path, ...differences, ...(await compare(found.contents, found.complete)));
  report.note(...notes);
}

/** A page as a browser gets it: some hosts lead to the name without its ending, and from the index to the folder. */
async function fetchPage({ client }: SendingCopy, name: string): Promise<FetchResult> {
  const path = client.url.pathname + name;
  const found = await fetchBounded(client, path, null, MAX_PAGE_BYTES);
  if (found.kind === "failed" || !MOVED.includes(found.status)) return found;
  const short = path.replace(name === INDEX ? /index\.html$/ : /\.html$/, "");
  const { location = "" } = found.headers;
  const leads = URL.canParse(location, client.url.href) ? new URL(location, client.url).href : null;
  return short !== path && leads === new URL(short, client.url).href
    ? fetchBounded(client, short, null, MAX_PAGE_BYTES)
    : found;
}
