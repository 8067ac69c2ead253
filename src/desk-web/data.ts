import { type Case, type PackedCase, unpackCase } from "../cases/index.js";
import type { Words } from "./words.js";

/** The data in the index page, written by `src/desk/html/case-index.ts`. */
export interface IndexData {
  readonly words: Words;
  readonly cases: readonly Case[];
  /** Number of cases of which the page holds only a part. */
  readonly shortened: number;
  /** Number of cases that it does not hold. */
  readonly omitted: number;
}

/** Reads the data from its elements, and removes them to free their memory. */
export function takeIndexData(page: ParentNode): IndexData {
  const [first = "{}", ...rest] = [...page.querySelectorAll("#data, script.cases, #left-out")].map((element) => {
    element.remove();
    return element.textContent ?? "";
  });
  const leftOut = rest.pop() ?? "{}";
  const cases = rest.flatMap((text) => (JSON.parse(text) as PackedCase[]).map(unpackCase));
  return { ...(JSON.parse(first) as Pick<IndexData, "words">), ...(JSON.parse(leftOut) as LeftOut), cases };
}

type LeftOut = Pick<IndexData, "shortened" | "omitted">;
