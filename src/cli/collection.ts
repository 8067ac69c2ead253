import { userInfo } from "node:os";
import { AuditTrail, Ledger, StaffFolder } from "../pickup/index.js";
import type { Submissions } from "../store/index.js";
import type { Config } from "./config.js";
import { openSubmissions } from "./open-store.js";

/** What export, acknowledge and prune work on: the submissions, and the record of what staff did with them. */
export interface Collection {
  readonly submissions: Submissions;
  readonly ledger: Ledger;
  readonly audit: AuditTrail;
  /** How the ledger and the audit trail name the user of this shell. */
  readonly by: string;
}

/** Opens the store and the staff folder while the portal may be running. @throws StoreError or OwnerError */
export async function openCollection(config: Config): Promise<Collection> {
  const submissions = await openSubmissions(config);
  const folder = await StaffFolder.open(config.staff);
  return { submissions, ledger: new Ledger(folder), audit: new AuditTrail(folder), by: shellUser() };
}

/** The user of this shell, in the audit trail. */
export function shellUser(): string {
  return `shell:${userInfo().username}`;
}
