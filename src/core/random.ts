/** `bytes` random octets as lower-case hex, from the platform's cryptographic generator. */
export function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** Lower-case hex of `octets`. */
export function toHex(octets: Uint8Array): string {
  let hex = "";
  for (const octet of octets) hex += octet.toString(16).padStart(2, "0");
  return hex;
}

/** The octets that lower-case `hex` stands for. @throws RangeError */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw new RangeError("expected lower-case hex digits, two for each octet");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
