const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** Milliseconds to wait before retry `attempt`, from 1: exponential, half of it random so that clients spread out. */
export function backoffMs(attempt: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const most = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** (attempt - 1));
  return most / 2 + (most / 2) * (random / 2 ** 32);
}

/**
 * Resolves after `waitMs`, or as soon as the device is online again.
 * @throws the reason of `signal` when it is aborted
 */
export function waitForRetry(waitMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", end);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, waitMs);
    globalThis.addEventListener?.("online", end);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
