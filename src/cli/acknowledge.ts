import { readFile } from "node:fs/promises";
import { Fault, readAcknowledgement } from "../core/index.js";
import { acknowledge } from "../pickup/index.js";
import { openCollection } from "./collection.js";
import type { Config } from "./config.js";

export class AcknowledgeError extends Fault<"unreadable"> {}

/**
 * `postern acknowledge`: marks the submissions that the desk opened. Returns whether all of them have the same bytes in
 * the store.
 * @param path of acknowledgement.json
 * @throws AcknowledgeError or AcknowledgementError
 */
export async function acknowledgeFrom(path: string, config: Config): Promise<boolean> {
  const { submissions, ledger, audit, by } = await openCollection(config);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new AcknowledgeError("unreadable", `${path} cannot be read`, { cause });
  });
  const { marked, known, different } = await acknowledge(readAcknowledgement(text), submissions, ledger, new Date());
  await audit.add({ who: by, action: "acknowledged", count: marked });
  for (const id of different) {
    process.stderr.write(`${id}: the desk opened other bytes than the store has; copy it again\n`);
  }
  process.stdout.write(
    `${marked} marked as opened, ${known} marked before or no longer here, ${different.length} different\n`,
  );
  return different.length === 0;
}
