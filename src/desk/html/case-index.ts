import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { readCases } from "./cases.js";
import { embed, renderRoomPage, roomWords } from "./html-page.js";

export const CASE_INDEX = "index.html";
/** Pictures lie beside the page; the page draws them and keeps only what it has drawn. */
const POLICY = ["img-src file: 'self'", "trusted-types 'none'"];
/** Stands where the data goes. */
const DATA = "@data@";
/** Characters that are written at one time. */
const PORTION = 256 * 1024;

/**
 * Writes `index.html` into the folder of the cases: one file that needs no network and may not use one. Every word of a
 * submission is in it as data, and gets onto the page as text.
 * @returns its path
 * @throws CaseNotesError
 */
export async function writeCaseIndex(folder: string): Promise<string> {
  const path = join(folder, CASE_INDEX);
  const unfinished = join(folder, `.${CASE_INDEX}`);
  const file = await open(unfinished, "w", 0o600);
  try {
    const [head = "", tail = ""] = renderRoomPage({ script: "index", data: DATA, policy: POLICY }).split(DATA);
    await file.writeFile(`${head}{"words":${embed(roomWords(["index", "status", "warning"]))},"cases":[`);
    let separator = "";
    let portion = "";
    // In portions: ten thousand letters need not be in memory at once.
    for await (const one of readCases(folder)) {
      portion += `${separator}${embed(one)}`;
      separator = ",\n";
      if (portion.length < PORTION) continue;
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
