export { decryptQuickly } from "./decrypt.js";
export { type QuickKey, quickKeys } from "./decryption-key.js";
