/** What an encrypted message says of its contents. Its author chose all of it. */
export interface MessageNotes {
  /** As the sender's program named the file; empty if it did not. */
  readonly fileName: string;
  /** Key ids of the signatures in it, 16 upper-case hex digits each. Nobody has verified them. */
  readonly signers: readonly string[];
}

export const NO_NOTES: MessageNotes = { fileName: "", signers: [] };
