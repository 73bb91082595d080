/** How many values lie in each bin: bin 0 holds 0, bin n the values from 2^(n-1) up to 2^n - 1. */
export type Histogram = number[];

export function emptyHistogram(): Histogram {
  return [];
}

/** Counts `value` in. */
export function countIn(histogram: Histogram, value: number): void {
  const bin = value === 0 ? 0 : 32 - Math.clz32(value);
  while (histogram.length <= bin) histogram.push(0);
  histogram[bin] = (histogram[bin] as number) + 1;
}

/** The sums, bin by bin. */
export function summed(histograms: readonly (readonly number[])[]): Histogram {
  const longest = Math.max(0, ...histograms.map(({ length }) => length));
  return Array.from({ length: longest }, (_, bin) => histograms.reduce((sum, one) => sum + (one[bin] ?? 0), 0));
}
