import { dayOf, writeLedgerExport } from "../core/index.js";
import { Ledger, StaffFolder } from "../pickup/ledger/index.js";
import type { Config } from "./config.js";
import { openSubmissions } from "./open-store.js";

/** `postern ledger`: prints on which days submissions arrived that nobody has opened yet, for `postern keys burn`. */
export async function exportLedger(config: Config): Promise<void> {
  const submissions = await openSubmissions(config);
  const state = await new Ledger(await StaffFolder.open(config.staff)).read();
  const unopened = new Map<string, number>();
  for await (const { id, day } of submissions.list()) {
    if (state.of(id).opened === null) unopened.set(day, (unopened.get(day) ?? 0) + 1);
  }
  process.stdout.write(writeLedgerExport({ made: dayOf(new Date()), unopened }));
}
