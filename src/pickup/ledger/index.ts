export { AuditError, AuditTrail } from "./audit.js";
export { Ledger, type LedgerEntry, type LedgerState, type Progress } from "./ledger.js";
export { StaffFolder, StaffFolderError } from "./staff-folder.js";
