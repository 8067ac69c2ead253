export { ByteQueue } from "./byte-queue.js";
export { byteStream } from "./byte-stream.js";
export { concurrencyLimit } from "./concurrency-limit.js";
export { copy } from "./copy.js";
export { doubleBuffered } from "./double-buffer.js";
export { type BlockTransform, RingBuffer, type RingBufferMemory } from "./ring-buffer.js";
export { ThreadPool } from "./thread-pool.js";
