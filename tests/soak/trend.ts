/** A figure at a time. */
export interface Sample {
  readonly hours: number;
  readonly value: number;
}

/** By how much a value grows in an hour, and the standard error of that: how far chance alone may have moved it. */
export interface Trend {
  readonly perHour: number;
  readonly error: number;
}

/** With fewer, nothing tells how far the samples stray. */
const FEWEST_SAMPLES = 3;

/** Least squares. No growth, and an error without bound, where there is nothing to tell. */
export function trendOf(samples: readonly Sample[]): Trend {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [hours, value] = [mean(samples.map((one) => one.hours)), mean(samples.map((one) => one.value))];
  const spread = samples.reduce((sum, one) => sum + (one.hours - hours) ** 2, 0);
  if (samples.length < FEWEST_SAMPLES || spread === 0) return { perHour: 0, error: Number.POSITIVE_INFINITY };
  const perHour = samples.reduce((sum, one) => sum + (one.hours - hours) * (one.value - value), 0) / spread;
  const astray = samples.reduce((sum, one) => sum + (one.value - value - perHour * (one.hours - hours)) ** 2, 0);
  return { perHour, error: Math.sqrt(astray / (samples.length - 2) / spread) };
}

/** Whether it grows by more than `most` in an hour, beyond what chance explains. */
export function growsBy(most: number, { perHour, error }: Trend): boolean {
  return perHour - 2 * error > most;
}
