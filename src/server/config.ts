/** What the submitters' server needs to know; src/cli reads it from the environment. */
export interface ServerConfig {
  /** Shown at the head of the pages, or null to name nobody. */
  readonly organisation: string | null;
  /** Most octets of one submission, text and documents together. */
  readonly maxSubmission: number;
  readonly maxFiles: number;
  /** Octets that must stay free in the store; below it no submission is taken. */
  readonly minFree: number;
  /** Days that replies are kept, or null to keep them. */
  readonly retentionDays: number | null;
  /** A folder on the store's disk for the unlinked, encrypted temporary files of submissions under way. */
  readonly spoolFolder: string;
  /** Host name of the portal's onion service, or null. */
  readonly onion: string | null;
  /** Says on every page that this is a demonstration. */
  readonly demonstration: boolean;
}
