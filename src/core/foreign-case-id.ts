const DIGITS = 32;

/**
 * The case id of a message that a person encrypted with a program of their own, in hex: it has none inside.
 * @param blocksSha256 the block digest of its ciphertext, in hex
 */
export function foreignCaseId(blocksSha256: string): string {
  return blocksSha256.slice(0, DIGITS);
}
