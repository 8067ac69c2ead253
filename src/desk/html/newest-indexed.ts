import { open } from "node:fs/promises";
import { join } from "node:path";
import { isCaseFolder } from "../../cases/index.js";
import { fieldsOf, jsonOrNull } from "../../core/index.js";
import { nullIfMissing } from "../../files/index.js";
import { CASE_INDEX_FILE, PORTION_END, PORTION_START } from "./index-elements.js";

/** Style, words and script come before the cases. */
const READ_BYTES = 2 * 1024 ** 2;

/** The folders of the newest cases, as `index.html` has them; none if it is missing, damaged or older. */
export async function newestIndexed(root: string): Promise<readonly string[]> {
  const file = await open(join(root, CASE_INDEX_FILE)).catch(nullIfMissing);
  if (file === null) return [];
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(READ_BYTES), position: 0 });
    const head = buffer.subarray(0, bytesRead);
    const start = head.indexOf(PORTION_START) + PORTION_START.length;
    const end = head.indexOf(PORTION_END, start);
    if (start < PORTION_START.length || end === -1) return [];
    const cases = jsonOrNull(`[${head.toString("utf8", start, end)}]`);
    const names = Array.isArray(cases) ? cases.map((one: unknown) => fieldsOf(one).folder) : [];
    return [...new Set(names.filter((name): name is string => typeof name === "string" && isCaseFolder(name)))];
  } finally {
    await file.close();
  }
}
