export interface Limits {
  readonly limitMs: number;
  /** Ends it before that. */
  readonly outer: AbortSignal | null | undefined;
  /** The reason where the time is over. */
  readonly late: () => unknown;
}

/** What `act` brings. Once its time is over, or `outer` says so, it is told to end, and that reason is thrown. */
export async function within<Result>(
  { limitMs, outer, late }: Limits,
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  // Not AbortSignal.any: phones a few years old lack it.
  const ending = new AbortController();
  const cancel = () => ending.abort(outer?.reason);
  const timer = setTimeout(() => ending.abort(late()), limitMs);
  outer?.addEventListener("abort", cancel);
  if (outer?.aborted) cancel();
  try {
    return await act(ending.signal);
  } catch (cause) {
    throw ending.signal.aborted ? ending.signal.reason : cause;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", cancel);
  }
}
