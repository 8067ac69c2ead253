import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Case } from "../cases/index.js";

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
      const digest = await digestOf(join(root, path)).catch(() => null);
      if (digest !== null) found.push(digest);
    }
    digests.set(one, found);
  }
  return digests;
}

function documentsOf({ documents, followUps }: Case) {
  return [...documents, ...followUps.flatMap((each) => each.documents)];
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
