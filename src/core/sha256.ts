import { toHex } from "./random.js";

/** 32 bytes. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  // The type also allows shared memory, which no caller passes.
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

/** The same in hex. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return toHex(await sha256(bytes));
}
