/**
 * What the portal signs of an upload for offline forms: docs/FORMAT.md section 17.
 * @param state the id in 32 hex digits, the bytes that have arrived, in decimal, and the digest by blocks of what is
 *   stored, in hex; null while it is not
 */
export function uploadStateText(state: {
  readonly id: string;
  readonly offset: string;
  readonly digest: string | null;
}): string {
  return ["postern upload 1", state.id, state.offset, state.digest ?? "-", ""].join("\n");
}
