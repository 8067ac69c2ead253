import type { PrivateKey } from "openpgp";
import { decryptionKeys } from "../../native/decrypt/index.js";
import { inThisThread, MAX_PER_THREAD, type Opener } from "./opener.js";

/** Decrypts in the calling thread, with any of `keys`. */
export function keyOpener(keys: readonly PrivateKey[]): Opener {
  return {
    maxConcurrent: MAX_PER_THREAD,
    open: inThisThread(decryptionKeys(keys), async (...request) => {
      const { unpackWith } = await import("./unpack.js");
      return unpackWith(keys)(...request);
    }),
    close: async () => {},
  };
}
