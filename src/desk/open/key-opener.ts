import type { PrivateKey } from "openpgp";
import { decryptionKeys } from "../../native/decrypt/index.js";
import { BESIDE, inThisThread, type Opener } from "./opener.js";

/** Decrypts in this very thread, with any of `keys`. */
export function keyOpener(keys: readonly PrivateKey[]): Opener {
  return {
    parallel: BESIDE,
    open: inThisThread(decryptionKeys(keys), async (...given) => {
      const { unpackWith } = await import("./unpack.js");
      return unpackWith(keys)(...given);
    }),
    close: async () => {},
  };
}
