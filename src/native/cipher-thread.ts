import { parentPort } from "node:worker_threads";
import { SharedRing, type SharedRingMemory } from "../streams/index.js";
import { type BlockCipherSettings, blockCipher } from "./block-cipher.js";

// A thread that encrypts the blocks of one large message, and then those of the next.
type Order = BlockCipherSettings & { readonly memory: SharedRingMemory };
parentPort?.on("message", ({ memory, ...settings }: Order) => {
  new SharedRing(memory).serve(blockCipher(settings), () => parentPort?.postMessage(null));
});
