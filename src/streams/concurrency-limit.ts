export type ConcurrencyLimit = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** Runs at most `max` pieces of work at a time. The others wait in a queue, which is meant for thousands at most. */
export function concurrencyLimit(max: number): ConcurrencyLimit {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < max) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The next in the queue takes over this slot, so `running` stays as it is.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
