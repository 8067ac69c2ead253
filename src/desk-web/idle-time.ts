/** A page that is always busy waits no longer, ms. */
const TIMEOUT_MS = 50;

/** Once the browser has drawn what there is, and nobody does anything. */
export function idleTime(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback !== "function") setTimeout(resolve, 0);
    else requestIdleCallback(() => resolve(), { timeout: TIMEOUT_MS });
  });
}
