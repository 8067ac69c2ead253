import { createHash } from "node:crypto";
import type { Submissions } from "../store/index.js";

/** SHA-256 of a stored submission, in hex. @throws StoreError */
export async function digestOf(submissions: Submissions, id: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await submissions.get(id)) hash.update(chunk);
  return hash.digest("hex");
}
