/**
 * Keeps the screen on, where the browser can, so that a telephone does not cut off what is being sent.
 * @returns lets it go out again
 */
export function keepAwake(): () => void {
  let lock: Promise<WakeLockSentinel | undefined> | undefined;
  // The browser takes it away whenever the page is hidden.
  const take = () => {
    if (!document.hidden) lock = navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", take);
  take();
  return () => {
    document.removeEventListener("visibilitychange", take);
    void lock?.then((held) => held?.release());
  };
}
