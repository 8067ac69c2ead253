import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { readCases } from "./cases.js";
import { embed, pageWords, renderHtmlPage } from "./html-page.js";

export const CASE_INDEX_FILE = "index.html";
/** The page draws pictures that lie beside it onto a canvas. */
const POLICY = ["img-src file: 'self'", "trusted-types 'none'"];
/** Marks the place of the data in the page. */
const PLACEHOLDER = "@data@";
/** Characters per write: ten thousand letters need not be in memory at once. */
const PORTION_CHARS = 256 * 1024;

/**
 * Writes `index.html` into the folder of cases: one file that works without a network and may not use one. It holds the
 * submissions as data, which its script shows only as text.
 * @returns its path
 * @throws CaseNotesError
 */
export async function writeCaseIndex(folder: string): Promise<string> {
  const path = join(folder, CASE_INDEX_FILE);
  const unfinished = join(folder, `.${CASE_INDEX_FILE}`);
  const file = await open(unfinished, "w", 0o600);
  try {
    const [head = "", tail = ""] = renderHtmlPage({ script: "index", data: PLACEHOLDER, policy: POLICY }).split(
      PLACEHOLDER,
    );
    await file.writeFile(`${head}{"words":${embed(pageWords(["index", "status", "warning"]))},"cases":[`);
    let separator = "";
    let portion = "";
    for await (const one of readCases(folder)) {
      portion += `${separator}${embed(one)}`;
      separator = ",\n";
      if (portion.length < PORTION_CHARS) continue;
      await file.writeFile(portion);
      portion = "";
    }
    await file.writeFile(`${portion}]}${tail}`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  return path;
}
