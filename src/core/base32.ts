const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Base32 of `bytes` (RFC 4648 section 6), in lower case and without padding. */
export function toBase32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt(held >> bits);
      held &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + ALPHABET.charAt(held << (5 - bits));
}
