const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** How long to wait before the `attempt`-th try (from 1): doubling, half of it left to chance so that clients spread out. */
export function waitBefore(attempt: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return most / 2 + (most / 2) * (random / 2 ** 32);
}

/** Resolves after `milliseconds`, or as soon as the device is online again; rejects when `signal` is aborted. */
export function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    globalThis.addEventListener?.("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
