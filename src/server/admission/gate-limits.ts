import type { PoolLimits } from "./shared-pool.js";

export interface GateLimits {
  readonly connections: PoolLimits;
  /** Silence after which a connection is closed. An upload may be slow, but not silent. */
  readonly socketTimeoutMs: number;
  /** Requests that bring something, in all. */
  readonly places: number;
  /** Those of one visitor. */
  readonly share: number;
  /** Bytes of long texts that are kept in memory while their letters arrive. */
  readonly textBytes: PoolLimits;
  /** What one visitor may begin in a minute: letters and uploads. A network may be a whole town's. */
  readonly perMinute: number;
  /** Letters encrypted here at one time, and those that may wait for it. */
  readonly lettersParallel: number;
  readonly lettersWaiting: number;
  /** Uploads checked and stored at one time, short and long ones, and those of each that may wait for it. */
  readonly uploadsParallel: number;
  readonly longUploadsParallel: number;
  readonly uploadsWaiting: number;
  /** Event-loop delay from which on the portal is overloaded. */
  readonly maxDelayMs: number;
  /** Resident memory of the process beyond which a crowded portal reads no more bodies. A quiet one always does. */
  readonly maxMemoryBytes: number;
}

export const GATE_LIMITS: GateLimits = {
  // An idle connection costs some 20 KiB.
  connections: { max: 10_000, share: 300 },
  socketTimeoutMs: 120_000,
  places: 1_024,
  share: 128,
  textBytes: { max: 64 * 1024 ** 2, share: 8 * 1024 ** 2 },
  perMinute: 120,
  lettersParallel: 4,
  lettersWaiting: 500,
  // Most of it is waiting for the disk, which syncs many at once as fast as one.
  uploadsParallel: 32,
  longUploadsParallel: 8,
  uploadsWaiting: 500,
  maxDelayMs: 300,
  maxMemoryBytes: 448 * 1024 ** 2,
};

/** A browser without JavaScript is sure to wait so long for an answer; one with it asks again. */
export const LETTER_WAIT_MS = 200_000;
export const UPLOAD_WAIT_MS = 60_000;
