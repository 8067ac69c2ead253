import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { HttpClient, HttpResponse } from "../http-client/index.js";
import type { FixedPath } from "../server/index.js";
import { browserHeaders, resourceKind } from "./browser-headers.js";
import { describeDifference } from "./excerpt.js";
import { explain } from "./explanation.js";
import { type FetchResult, fetchBounded, forEachShuffled } from "./fetch.js";
import { compareHeaders, meaningfulHeaders } from "./header-check.js";
import { LocalPortal } from "./local-portal.js";
import { headersWithoutTokens, tokenOf, withoutTokens } from "./page-parts.js";
import { type KnownInputs, readPageSettings, readWays, takeOver } from "./page-settings.js";
import type { Report } from "./report.js";

export interface CheckOptions {
  /** Whether the address is a copy of the pages, which has only what may be copied. */
  readonly copy: boolean;
}

/** The front page has about 30 KiB. */
const MAX_FRONT_PAGE_BYTES = 256 * 1024;
/** The offline form, with all scripts, has about 500 KiB. */
const MAX_OFFLINE_FORM_BYTES = 2 * 1024 ** 2;

interface Probe {
  readonly path: string;
  readonly language: string | null;
  /** What the report calls it, if not by its path. */
  readonly name?: string;
}

/** Compares every response of the portal behind `client` with the response of this build for the same inputs. */
export async function checkAgainstBuild(
  client: HttpClient,
  known: KnownInputs,
  options: CheckOptions,
  report: Report,
): Promise<void> {
  const [first = ""] = known.texts.keys();
  const front = await fetchBounded(client, `/${first}/`, null, MAX_FRONT_PAGE_BYTES);
  const settings = front.kind === "response" ? readPageSettings(front.contents.toString("utf8")) : null;
  const form = await fetchBounded(client, `/offline/${first}.html`, null, MAX_OFFLINE_FORM_BYTES);
  const ways = form.kind === "response" ? readWays(form.contents.toString("utf8")) : null;
  const local = await LocalPortal.open(takeOver(known, settings, ways, report));
  try {
    const check = new BuildCheck(client, local, options, report);
    const languages = [...known.texts.keys()];
    if (front.kind === "response" && !loadsScriptsOf(front.contents, local)) {
      report.note("the front page loads other scripts than this build: does the portal run this version?");
    }
    await forEachShuffled(probes(languages, local.paths, options), (probe) => check.compare(probe));
    if (!options.copy) await forEachShuffled(languages, (language) => check.compareFrames(language));
  } finally {
    await local.close();
  }
}

/** Whether a page loads the client of this build: its first script holds the digests of all others. */
function loadsScriptsOf(page: Buffer, { paths }: LocalPortal): boolean {
  return paths.some(({ path }) => path.startsWith("/build/main-") && page.includes(path));
}

function probes(languages: readonly string[], paths: readonly FixedPath[], { copy }: CheckOptions): Probe[] {
  const fixed = paths.filter(({ copied }) => copied || !copy);
  const probes: Probe[] = fixed.map(({ path }) => ({ path, language: null }));
  if (copy) return probes;
  // A server that knew this path could answer it with a prepared page.
  const missing = `/${randomBytes(6).toString("hex")}`;
  return [
    ...probes,
    ...languages.flatMap((language): Probe[] => [
      { path: "/", language, name: `/ in ${language}` },
      { path: missing, language, name: `a missing page, in ${language}` },
      { path: `/${language}/leave`, language: null },
    ]),
  ];
}

class BuildCheck {
  readonly #client: HttpClient;
  readonly #local: LocalPortal;
  readonly #copy: boolean;
  readonly #report: Report;

  constructor(client: HttpClient, local: LocalPortal, { copy }: CheckOptions, report: Report) {
    this.#client = client;
    this.#local = local;
    this.#copy = copy;
    this.#report = report;
  }

  async compare({ path, language, name = path }: Probe): Promise<void> {
    const expected = await this.#expected(path, language);
    await this.#judge(name, expected, await fetchBounded(this.#client, path, language, expected.bytes.length));
  }

  /** Compares the pages without JavaScript, whose random token is replaced by the same token everywhere. */
  async compareFrames(language: string): Promise<void> {
    const alone = `/${language}/form/alone`;
    const form = await this.#expected(alone, null);
    await this.#judge(alone, form, await fetchBounded(this.#client, alone, null, form.bytes.length), true);
    const path = `/${language}/plain`;
    const expected = await this.#expected(path, null);
    const found = await fetchBounded(this.#client, path, null, expected.bytes.length);
    await this.#judge(path, expected, found, true);
    const ours = tokenOf(expected.bytes);
    const theirs = found.kind === "response" ? tokenOf(found.contents) : null;
    if (ours === null || theirs === null) return;
    const pages = [(token: string) => `/${language}/form/${token}`, (token: string) => `/progress/${token}/soon`];
    for (const page of pages) {
      const inner = await this.#expected(page(ours), null);
      const result = await fetchBounded(this.#client, page(theirs), null, inner.bytes.length);
      await this.#judge(`${page("…")} in ${language}`, inner, result, true);
    }
  }

  #expected(path: string, language: string | null): Promise<HttpResponse> {
    const { host, protocol } = this.#client.url;
    const request = { kind: resourceKind(path), host, secure: protocol === "https:", language };
    return this.#local.get(path, host, browserHeaders(request));
  }

  /** @param hasToken whether the response holds a random token */
  async #judge(name: string, expected: HttpResponse, found: FetchResult, hasToken = false): Promise<void> {
    const report = this.#report;
    report.compared += 1;
    if (found.kind === "failed") {
      report.differ(name, `no readable response: ${found.why}`);
      return;
    }
    if (found.status !== expected.status) report.differ(name, `status ${found.status}; expected ${expected.status}`);
    const headers = (of: IncomingHttpHeaders) => (hasToken ? headersWithoutTokens(of) : of);
    const required = meaningfulHeaders(headers(expected.headers));
    const { differences, notes } = compareHeaders(required, headers(found.headers), this.#copy);
    report.differ(name, ...differences);
    report.note(...notes);
    const bytes = (of: Buffer) => (hasToken ? withoutTokens(of) : of);
    const difference = describeDifference(bytes(expected.bytes), bytes(found.contents), found.complete);
    if (difference === null) return;
    report.differ(name, ...(await explain(expected.bytes, found.contents)), difference);
  }
}
