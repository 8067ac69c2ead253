/** A page that is always busy waits no longer, ms. */
const TIMEOUT_MS = 50;

/** Once the browser has drawn what there is, and nobody does anything. */
export function idleTime(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback !== "function") setTimeout(resolve, 0);
    else requestIdleCallback(() => resolve(), { timeout: TIMEOUT_MS });
  });
}

/** Once the browser has drawn what there is; a page that nobody sees is not drawn, and waits no longer. */
export function drawn(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, TIMEOUT_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      // After the frame that begins now.
      setTimeout(resolve, 0);
    });
  });
}
