import { join } from "node:path";
import { type Case, documentsOf } from "../cases/index.js";
import { fileDigest } from "./open/index.js";

/**
 * SHA-256 in hex of each document that has as many bytes as another, by case; others are no copies. A document that
 * cannot be read has none.
 * @param root folder of the cases
 */
export async function digestDocuments(root: string, cases: readonly Case[]): Promise<ReadonlyMap<Case, string[]>> {
  const sizes = new Map<number, number>();
  for (const { bytes } of cases.flatMap(documentsOf)) sizes.set(bytes, (sizes.get(bytes) ?? 0) + 1);
  const digests = new Map<Case, string[]>();
  for (const one of cases) {
    const found: string[] = [];
    for (const { path, bytes } of documentsOf(one)) {
      // Empty files are no papers.
      if (bytes === 0 || (sizes.get(bytes) ?? 0) < 2) continue;
      const digest = await fileDigest(join(root, path), bytes).catch(() => null);
      if (digest !== null) found.push(digest);
    }
    digests.set(one, found);
  }
  return digests;
}
