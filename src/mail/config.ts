/** What the mail server needs to know; src/cli reads it from the environment. Sizes are in bytes. */
export interface MailConfig {
  /** Addresses that letters are taken for, in lower case. */
  readonly addresses: readonly string[];
  /** LMTP is for a mail server of the operator's own in front. */
  readonly protocol: "smtp" | "lmtp";
  /** Largest message as it comes, with its attachments encoded. */
  readonly maxMessage: number;
  /** Most attachments that become documents. A message with more is kept whole. */
  readonly maxFiles: number;
  /** Whether mail that does not come over TLS is refused. */
  readonly requireTls: boolean;
  /** Addresses of resolvers to check senders with, empty for those of the machine; null where none is checked. */
  readonly resolvers: readonly string[] | null;
  readonly minFree: number;
  readonly maxStore: number | null;
  readonly maxIncoming: number;
  /** A folder for the unlinked, encrypted temporary files of messages under way. */
  readonly spoolFolder: string;
}

/** A certificate chain and its private key, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}
