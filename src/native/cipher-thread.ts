import { parentPort } from "node:worker_threads";
import { RingBuffer, type RingBufferMemory } from "../streams/index.js";
import { type BlockCipherSettings, blockCipher } from "./block-cipher.js";

// A worker thread that encrypts the blocks of one large message after the other.
type Job = BlockCipherSettings & { readonly memory: RingBufferMemory };
parentPort?.on("message", ({ memory, ...settings }: Job) => {
  new RingBuffer(memory).serve(blockCipher(settings), () => parentPort?.postMessage(null));
});
