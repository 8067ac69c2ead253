import type { ClientSource } from "./admission/index.js";
import type { MailboxKey, ReceiptKey } from "./portal-keys/index.js";

/** How an offline form may send by itself. */
export interface Ways {
  /** Origins of relays and of the portal itself, which it tries in random order. */
  readonly addresses: readonly string[];
  /** What the portal's answers are known by. */
  readonly key: ReceiptKey;
  /** What questions to a mailbox are sealed to; null where the form reads no replies. */
  readonly mailboxKey: MailboxKey | null;
}

/** What the submitters' server needs to know; src/cli reads it from the environment. */
export interface ServerConfig {
  /** Shown at the head of the pages, or null to name nobody. */
  readonly organisation: string | null;
  /** Most bytes of one submission, text and documents together. */
  readonly maxSubmission: number;
  readonly maxFiles: number;
  /** Bytes that must stay free in the store; below it no submission is taken. */
  readonly minFree: number;
  /** Most bytes of everything that is stored, or null for no limit but the disk's. */
  readonly maxStore: number | null;
  /** Most bytes of what is on its way: uploads that are not whole, and letters being received. */
  readonly maxIncoming: number;
  /** Who says where a connection comes from. */
  readonly clients: ClientSource;
  /** Days that replies are kept, or null to keep them. */
  readonly retentionDays: number | null;
  /** Days that drafts are kept, or null to take none. */
  readonly draftDays: number | null;
  /** Days within which staff usually answer, or null if the operator has not said. */
  readonly answerDays: number | null;
  /** Where the site's address is published besides, in the operator's words, or null. */
  readonly addresses: string | null;
  /** What the operator says about the people behind the site, by language, or null. */
  readonly about: Readonly<Record<string, string>> | null;
  /** A folder on the store's disk for the unlinked, encrypted temporary files of submissions under way. */
  readonly spoolFolder: string;
  /** Host name of the portal's onion service, or null. */
  readonly onion: string | null;
  /** What each relay proves by that it may say who its visitors are. */
  readonly relaySecrets: readonly Uint8Array[];
  /** How the offline form may send; null where it only makes files. */
  readonly ways: Ways | null;
  /** Whether connections of the clear net stay open after an answer, as those of the onion service do. */
  readonly keepAlive: boolean;
  /** Says on every page that this is a demonstration. */
  readonly demonstration: boolean;
}
