import { Fault } from "./fault.js";
import type { HeaderFault } from "./ustar-header.js";

/** Why an archive is refused; docs/FORMAT.md section 7 explains each code. */
export type ArchiveFault =
  | HeaderFault
  | "truncated"
  | "unsafe_path"
  | "duplicate_entry"
  | "too_many_entries"
  | "too_large"
  | "trailing_data";

export class ArchiveError extends Fault<ArchiveFault> {}
