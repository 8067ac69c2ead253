import { fromHex, toHex } from "../core/index.js";
import { SECRET_BYTES } from "./split.js";

/** A new secret of 16 random bytes. */
export function newSecret(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/** A secret as the passphrase that it is: lower-case hex in eight groups of four, with dashes between them. */
export function secretLine(secret: Uint8Array): string {
  return toHex(secret).replace(/(.{4})(?=.)/g, "$1-");
}

/** The secret in a line that {@link secretLine} wrote; null if it is none. */
export function readSecretLine(line: string): Uint8Array<ArrayBuffer> | null {
  return /^[0-9a-f]{4}(?:-[0-9a-f]{4}){7}$/.test(line.trim()) ? fromHex(line.trim().replaceAll("-", "")) : null;
}
