import { createHash } from "node:crypto";
import { BlockDigest } from "../core/index.js";
import type { Submissions } from "../store/index.js";

/** The SHA-256 of a stored submission, in hex. @throws StoreError */
export async function digestOf(submissions: Submissions, id: string): Promise<string> {
  return (await digestsOf(submissions, id)).sha256;
}

/** Its SHA-256 and its block digest ({@link BlockDigest}), in hex. @throws StoreError */
export async function digestsOf(
  submissions: Submissions,
  id: string,
): Promise<{ sha256: string; blocksSha256: string }> {
  const hash = createHash("sha256");
  const blocks = new BlockDigest();
  for await (const chunk of await submissions.get(id)) {
    hash.update(chunk);
    await blocks.push(chunk);
  }
  return { sha256: hash.digest("hex"), blocksSha256: await blocks.finish() };
}
