import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Case, packCase } from "../../cases/index.js";
import { nullIfMissing } from "../../files/index.js";
import { logOldNotes, openCaseNotes } from "../case-notes.js";
import type { NoteLogs } from "../note-logs.js";
import { fairShare } from "./case-budget.js";
import { listCases, MAX_CASE_CHARS, type ReadingCases, readCases } from "./cases.js";
import { embed, engineElements, pageWords, renderHtmlPage } from "./html-page.js";
import { CASE_INDEX_FILE, NEWEST, PORTION_CHARS, PORTION_END, PORTION_START } from "./index-elements.js";
import { packLogs } from "./packed-notes.js";

const UNFINISHED_BY_WORKBENCH = `.workbench-${CASE_INDEX_FILE}`;
/** The page draws pictures that lie beside it onto a canvas; workers draw the other documents. */
const POLICY = ["worker-src blob:", "img-src file: 'self'", "trusted-types postern-reading"];
/** Marks the places of the cases in the page: of the newest before its script, which draws them, and of the others. */
const PLACEHOLDER = "@cases@";

/** What all cases together may take; browsers need some ten bytes of memory for each character. */
export interface IndexLimits {
  readonly cases: number;
  readonly chars: number;
  /** Characters of one case. */
  readonly caseChars: number;
}

export const LIMITS: IndexLimits = { cases: 50_000, chars: 32 * 1024 ** 2, caseChars: MAX_CASE_CHARS };

/** A case as `index.html` holds it. */
export interface IndexedCase {
  readonly id: string;
  /** In UTF-8. */
  readonly json: Buffer;
  /** Characters of it. */
  readonly chars: number;
  readonly shortened: boolean;
}

/**
 * Writes `index.html` into the folder of cases: one file that works without a network and may not use one. It holds the
 * submissions as data, which its script shows only as text. Cases are shortened, the largest first, until all of them
 * fit; the page says which.
 * @returns its path
 * @throws CaseNotesError
 */
export async function writeCaseIndex(root: string, limits: IndexLimits = LIMITS): Promise<string> {
  await logOldNotes(root);
  const path = join(root, CASE_INDEX_FILE);
  const unfinished = join(root, `.${CASE_INDEX_FILE}`);
  // A workbench may have been killed while it wrote, or be about to bring back what was deleted.
  await rm(join(root, UNFINISHED_BY_WORKBENCH), { force: true });
  const all = listCases(root);
  const folders = all.slice(0, limits.cases);
  const rest = { total: folders.length, omitted: all.length - folders.length, logs: await openCaseNotes(root) };
  const cases = (maxChars: number) => indexedCases(root, { folders, maxChars, notes: rest.logs });
  const sizes = await writePage(unfinished, cases(limits.caseChars), { ...rest, chars: limits.chars });
  if (sum(sizes) > limits.chars) {
    await writePage(unfinished, cases(fairShare(sizes, limits.chars)), { ...rest, chars: Number.POSITIVE_INFINITY });
  }
  await rename(unfinished, path);
  return path;
}

/**
 * The same of cases that have been read, and fit.
 * @param isTrue asked when it is written; without it, `index.html` stays as it was
 * @returns whether it was replaced
 */
export async function replaceCaseIndex(
  root: string,
  cases: Iterable<IndexedCase>,
  rest: Omit<PageRest, "chars">,
  isTrue: () => Promise<boolean>,
): Promise<boolean> {
  const unfinished = join(root, UNFINISHED_BY_WORKBENCH);
  try {
    await writePage(unfinished, cases, { ...rest, chars: Number.POSITIVE_INFINITY });
    if (!(await isTrue())) return false;
    // A command that writes it at this moment has removed what is unfinished.
    return (await rename(unfinished, join(root, CASE_INDEX_FILE)).catch(nullIfMissing)) !== null;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function* indexedCases(root: string, reading: ReadingCases): AsyncGenerator<IndexedCase> {
  for await (const one of readCases(root, reading)) {
    yield indexedCase(one);
  }
}

export function indexedCase(one: Case): IndexedCase {
  const text = embed(packCase(one));
  return { id: one.id, json: Buffer.from(text), chars: text.length, shortened: one.shortened === true };
}

interface PageRest {
  /** Number of cases, as far as their folders tell. */
  readonly total: number;
  readonly omitted: number;
  readonly logs: NoteLogs;
  /** That all cases may take. */
  readonly chars: number;
}

/** Returns the characters of each case. Once they are more than `chars`, it only counts. */
async function writePage(
  path: string,
  cases: AsyncIterable<IndexedCase> | Iterable<IndexedCase>,
  { total, omitted, logs, chars }: PageRest,
): Promise<number[]> {
  const [head = "", script = "", tail = ""] = renderParts();
  const { notes, ...left } = packLogs(logs);
  const sizes: number[] = [];
  let [all, shortened] = [0, 0];
  let newest: ReadonlySet<string> | null = null;
  let portion: IndexedCase[] = [];
  let portionChars = 0;
  const file = await open(path, "w", 0o600);
  const flush = async () => {
    const data = portion.flatMap(({ json }, at) => (at === 0 ? [json] : [COMMA, json]));
    if (all <= chars) await file.writeFile(Buffer.concat([PORTION_START, ...data, PORTION_END]));
    if (newest === null) {
      const ids = new Set(portion.map(({ id }) => id));
      newest = ids;
      const theirs = notes.filter((event) => ids.has(event.case));
      await file.writeFile(`${element('id="newest"', embed({ total, notes: theirs }))}${script}`);
    }
    portion = [];
    portionChars = 0;
  };
  try {
    await file.writeFile(head);
    for await (const one of cases) {
      sizes.push(one.chars);
      all += one.chars;
      if (one.shortened) shortened += 1;
      portion.push(one);
      portionChars += one.chars;
      if (portionChars >= PORTION_CHARS || (newest === null && portion.length >= NEWEST)) await flush();
    }
    if (portion.length > 0 || newest === null) await flush();
    const others = notes.filter((event) => newest?.has(event.case) !== true);
    await file.writeFile(`${element('id="left-out"', embed({ shortened, omitted, ...left, notes: others }))}${tail}`);
    await file.sync();
  } finally {
    await file.close();
  }
  return sizes;
}

/** The page up to the newest cases, from there to the others, and what is after all of them. */
function renderParts(): string[] {
  const words = embed({ words: pageWords(["index", "people", "reading", "status", "warning", "work"]) });
  return renderHtmlPage({
    script: "index",
    data: words,
    elements: PLACEHOLDER,
    later: `${engineElements(["heif", "pdf"])}${PLACEHOLDER}`,
    policy: POLICY,
  }).split(PLACEHOLDER);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function element(attribute: string, data: string): string {
  return `<script type="application/json" ${attribute}>${data}</script>\n`;
}

const COMMA = Buffer.from(",\n");
