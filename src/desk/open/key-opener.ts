import type { PrivateKey } from "openpgp";
import { quickKeys } from "../../native/decrypt/index.js";
import { BESIDE, extractor, type Opener } from "./opener.js";
import { recordOf } from "./record.js";

/** Decrypts in this very thread, with any of `keys`. */
export function keyOpener(keys: readonly PrivateKey[]): Opener {
  const extract = extractor(quickKeys(keys), async (...given) => {
    const { unpackWith } = await import("./unpack.js");
    return unpackWith(keys)(...given);
  });
  return {
    parallel: BESIDE,
    open: async (...order) => recordOf(await extract(...order)),
    close: async () => {},
  };
}
