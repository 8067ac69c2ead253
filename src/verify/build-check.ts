import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Answer, Asker } from "../http-client/index.js";
import { fixedPaths } from "../server/index.js";
import { describeDifference } from "./excerpt.js";
import { explain } from "./explanation.js";
import { asVisitor, each, type Look, look } from "./fetch.js";
import { compareHeaders, meaningful } from "./header-check.js";
import { LocalPortal } from "./local-portal.js";
import { headersWithoutTokens, tokenOf, withoutTokens } from "./page-parts.js";
import { type Known, readTakenOver, takeOver } from "./page-settings.js";
import type { Report } from "./report.js";

export interface CheckOptions {
  /** Whether it is a copy of the pages elsewhere, which has only what may be copied. */
  readonly copy: boolean;
}

/** The front page is some 30 KiB. */
const FRONT_PAGE = 256 * 1024;

interface Probe {
  readonly path: string;
  readonly language: string | null;
  /** How to call it, if not by its path. */
  readonly name?: string;
}

/** Compares every answer of the portal behind `asker` with what this build gives for the same inputs. */
export async function checkAgainstBuild(
  asker: Asker,
  known: Known,
  options: CheckOptions,
  report: Report,
): Promise<void> {
  const [first = ""] = known.texts.keys();
  const front = await look(asker, `/${first}/`, null, FRONT_PAGE);
  if (front.kind === "seen" && !namesScripts(front.contents, known)) {
    report.note("the front page has other scripts than this build: is this the version that the portal runs?");
  }
  const said = front.kind === "seen" ? readTakenOver(front.contents.toString("utf8")) : null;
  const inputs = takeOver(known, said, report);
  const local = await LocalPortal.open(inputs);
  try {
    const check = new BuildCheck(asker, local, options, report);
    const languages = [...known.texts.keys()];
    await each(probes(languages, known, options), (probe) => check.compare(probe));
    if (!options.copy) await each(languages, (language) => check.compareFrames(language));
  } finally {
    await local.close();
  }
}

/** Whether a page loads the client of this build. */
function namesScripts(page: Buffer, { texts, recipients }: Known): boolean {
  const scripts = fixedPaths([...texts.keys()], recipients).filter(({ path }) => path.startsWith("/build/"));
  return scripts.every(({ path }) => page.includes(path));
}

function probes(languages: readonly string[], { recipients }: Known, { copy }: CheckOptions): Probe[] {
  const fixed = fixedPaths(languages, recipients).filter(({ copied }) => copied || !copy);
  const probes: Probe[] = fixed.map(({ path }) => ({ path, language: null }));
  if (copy) return probes;
  // A path that nobody could have foreseen.
  const nowhere = `/${randomBytes(6).toString("hex")}`;
  return [
    ...probes,
    ...languages.flatMap((language): Probe[] => [
      { path: "/", language, name: `/ in ${language}` },
      { path: nowhere, language, name: `a page that is not there, in ${language}` },
      { path: `/${language}/leave`, language: null },
    ]),
  ];
}

class BuildCheck {
  readonly #asker: Asker;
  readonly #local: LocalPortal;
  readonly #copy: boolean;
  readonly #report: Report;

  constructor(asker: Asker, local: LocalPortal, { copy }: CheckOptions, report: Report) {
    this.#asker = asker;
    this.#local = local;
    this.#copy = copy;
    this.#report = report;
  }

  async compare({ path, language, name = path }: Probe): Promise<void> {
    const expected = await this.#expected(path, language);
    await this.#judge(name, expected, await look(this.#asker, path, language, expected.bytes.length));
  }

  /** The pages without JavaScript, which hold a number drawn for each visit: this is compared as if it were always the same. */
  async compareFrames(language: string): Promise<void> {
    const path = `/${language}/plain`;
    const expected = await this.#expected(path, null);
    const found = await look(this.#asker, path, null, expected.bytes.length);
    await this.#judge(path, expected, found, true);
    const ours = tokenOf(expected.bytes);
    const theirs = found.kind === "seen" ? tokenOf(found.contents) : null;
    if (ours === null || theirs === null) return;
    const pages = [(token: string) => `/${language}/form/${token}`, (token: string) => `/progress/${token}/soon`];
    for (const page of pages) {
      const inner = await this.#expected(page(ours), null);
      const seen = await look(this.#asker, page(theirs), null, inner.bytes.length);
      await this.#judge(`${page("…")} in ${language}`, inner, seen, true);
    }
  }

  #expected(path: string, language: string | null): Promise<Answer> {
    return this.#local.ask(path, this.#asker.url.host, asVisitor(language));
  }

  /** @param drawn whether the answer holds a number drawn for each visit */
  async #judge(name: string, expected: Answer, found: Look, drawn = false): Promise<void> {
    const report = this.#report;
    report.looked += 1;
    if (found.kind === "failed") {
      report.differ(name, `no answer that can be read: ${found.why}`);
      return;
    }
    if (found.status !== expected.status) report.differ(name, `status ${found.status}; expected ${expected.status}`);
    const headers = (of: IncomingHttpHeaders) => (drawn ? headersWithoutTokens(of) : of);
    const demanded = meaningful(headers(expected.headers));
    const { differences, notes } = compareHeaders(demanded, headers(found.headers), this.#copy);
    report.differ(name, ...differences);
    report.note(...notes);
    const as = (bytes: Buffer) => (drawn ? withoutTokens(bytes) : bytes);
    const difference = describeDifference(as(expected.bytes), as(found.contents), found.whole);
    if (difference === null) return;
    report.differ(name, ...(await explain(expected.bytes, found.contents)), difference);
  }
}
