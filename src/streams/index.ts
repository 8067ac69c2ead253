export { Pieces } from "./byte-queue.js";
export { byteStream } from "./byte-stream.js";
export { copy } from "./copy.js";
export { inTurns } from "./double-buffer.js";
export { type InPlace, SharedRing, type SharedRingMemory } from "./ring-buffer.js";
export { ThreadPool } from "./thread-pool.js";
