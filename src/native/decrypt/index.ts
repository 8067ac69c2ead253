export { tryDecrypt } from "./decrypt.js";
export { type DecryptionKey, decryptionKeys } from "./decryption-key.js";
