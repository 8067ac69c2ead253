const SECRET = /^[0-9a-f]{64}$/;
/** A portal tries all of them where a header has the form of a relay's. */
const MAX_RELAYS = 16;

/**
 * The secrets of relays, a line each, as `openssl rand -hex 32` makes them; what follows a `#` says whose it is.
 * @returns null for anything else, and for one secret twice
 */
export function readRelaySecrets(text: string): readonly Uint8Array[] | null {
  const found = text
    .split("\n")
    .map((line) => line.replace(/#.*$/, "").trim())
    .filter((line) => line !== "");
  const fits = found.length > 0 && found.length <= MAX_RELAYS && new Set(found).size === found.length;
  return fits && found.every((line) => SECRET.test(line)) ? found.map((line) => Buffer.from(line, "hex")) : null;
}
