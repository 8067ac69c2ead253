/** A figure at a time. */
export interface Sample {
  readonly hours: number;
  readonly value: number;
}

/** Least squares: by how much the value grows in an hour. 0 if there is nothing to tell. */
export function slopePerHour(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [hours, value] = [mean(samples.map((one) => one.hours)), mean(samples.map((one) => one.value))];
  const spread = samples.reduce((sum, one) => sum + (one.hours - hours) ** 2, 0);
  if (spread === 0 || samples.length < 2) return 0;
  return samples.reduce((sum, one) => sum + (one.hours - hours) * (one.value - value), 0) / spread;
}
