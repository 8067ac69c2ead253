/** A fingerprint or a code as people compare it: in groups of four characters. */
export function grouped(text: string): string {
  return text.replace(/(.{4})(?=.)/g, "$1 ");
}
