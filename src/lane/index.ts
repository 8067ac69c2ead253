export { byteStream } from "./byte-stream.js";
export { copy } from "./copy.js";
export { inTurns } from "./in-turns.js";
export { Pieces } from "./pieces.js";
export { type InPlace, SharedRing, type SharedRingMemory } from "./shared-ring.js";
export { ThreadPool } from "./thread-pool.js";
