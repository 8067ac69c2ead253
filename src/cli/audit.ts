import { AuditTrail, StaffFolder } from "../pickup/ledger/index.js";
import type { Config } from "./config.js";
import { requireOwnerOf } from "./owner.js";

/**
 * `postern audit verify`: prints the unreadable lines, the number of entries and the hash of the last one.
 * @param head hash of an earlier last entry, which must still be in the trail
 * @throws AuditError if an entry was changed or removed
 */
export async function verifyAudit(config: Config, head: string | undefined): Promise<void> {
  const folder = await StaffFolder.open(config.staff);
  await requireOwnerOf(config.staff);
  const { count, head: last, cutOff } = await new AuditTrail(folder).verify(head);
  for (const line of cutOff) {
    process.stdout.write(`line ${line} cannot be read: a crash cut it off, or somebody damaged it\n`);
  }
  process.stdout.write(`${count} entries are intact\n${last}\n`);
  process.stderr.write("note the last line: given as --head, it shows later whether entries at the end are missing\n");
}
