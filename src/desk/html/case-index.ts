import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { packCase } from "../../cases/index.js";
import { logOldNotes, openCaseNotes } from "../case-notes.js";
import type { NoteLogs } from "../note-logs.js";
import { fairShare } from "./case-budget.js";
import { type CaseFolder, listCases, MAX_CASE_CHARS, readCases } from "./cases.js";
import { embed, engineElements, pageWords, renderHtmlPage } from "./html-page.js";
import { packLogs } from "./packed-notes.js";

export const CASE_INDEX_FILE = "index.html";
/** The page draws pictures that lie beside it onto a canvas; workers draw the other documents. */
const POLICY = ["worker-src blob:", "img-src file: 'self'", "trusted-types postern-reading"];
/** Marks the place of the cases in the page. */
const PLACEHOLDER = "@cases@";
/** Characters per element: browsers give up on one text of half a billion. */
const ELEMENT_CHARS = 1024 * 1024;

/** What all cases together may take; browsers need some ten bytes of memory for each character. */
export interface IndexLimits {
  readonly cases: number;
  readonly chars: number;
  /** Characters of one case. */
  readonly caseChars: number;
}

export const LIMITS: IndexLimits = { cases: 50_000, chars: 32 * 1024 ** 2, caseChars: MAX_CASE_CHARS };

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
  const all = listCases(root);
  const folders = all.slice(0, limits.cases);
  const omitted = all.length - folders.length;
  const contents = { root, folders, omitted, logs: await openCaseNotes(root) };
  const sizes = await writePage(unfinished, { ...contents, ...limits });
  if (sum(sizes) > limits.chars) {
    const caseChars = fairShare(sizes, limits.chars);
    await writePage(unfinished, { ...contents, caseChars, chars: Number.POSITIVE_INFINITY });
  }
  await rename(unfinished, path);
  return path;
}

interface PageContents extends Omit<IndexLimits, "cases"> {
  readonly root: string;
  readonly folders: readonly CaseFolder[];
  readonly omitted: number;
  readonly logs: NoteLogs;
}

/** Returns the characters of each case. Once they are more than `chars`, it only counts. */
async function writePage(path: string, contents: PageContents): Promise<number[]> {
  const { root, folders, omitted, logs, chars, caseChars } = contents;
  const words = embed({ words: pageWords(["index", "people", "reading", "status", "warning", "work"]) });
  const page = renderHtmlPage({
    script: "index",
    data: words,
    elements: `${engineElements(["heif", "pdf"])}${PLACEHOLDER}`,
    policy: POLICY,
  });
  const [head = "", tail = ""] = page.split(PLACEHOLDER);
  const sizes: number[] = [];
  let [all, shortened] = [0, 0];
  let portion: string[] = [];
  let portionChars = 0;
  const file = await open(path, "w", 0o600);
  const flush = async () => {
    if (all <= chars) await file.writeFile(element('class="cases"', `[${portion.join(",\n")}]`));
    portion = [];
    portionChars = 0;
  };
  try {
    await file.writeFile(head);
    for await (const one of readCases(root, { folders, maxChars: caseChars, notes: logs })) {
      const text = embed(packCase(one));
      sizes.push(text.length);
      all += text.length;
      if (one.shortened === true) shortened += 1;
      portion.push(text);
      portionChars += text.length;
      if (portionChars >= ELEMENT_CHARS) await flush();
    }
    await flush();
    await file.writeFile(`${element('id="left-out"', embed({ shortened, omitted, ...packLogs(logs) }))}${tail}`);
    await file.sync();
  } finally {
    await file.close();
  }
  return sizes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function element(attribute: string, data: string): string {
  return `<script type="application/json" ${attribute}>${data}</script>\n`;
}
