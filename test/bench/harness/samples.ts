/** Measured values, all of them kept, so that a percentile is a value that was really measured. */
export class Samples {
  private sorted: Float64Array | undefined;

  private constructor(private readonly values: number[]) {}

  static of(values: Iterable<number> = []): Samples {
    return new Samples([...values]);
  }

  get count(): number {
    return this.values.length;
  }

  add(value: number): void {
    this.values.push(value);
    this.sorted = undefined;
  }

  /** The values of several together. */
  static together(several: readonly Samples[]): Samples {
    return new Samples(several.flatMap((each) => each.values));
  }

  /**
   * The smallest value that at least `percent` of all values do not exceed (nearest rank); NaN without values.
   *
   * @param percent from 0 (the smallest value) to 100 (the largest)
   */
  percentile(percent: number): number {
    this.sorted ??= Float64Array.from(this.values).sort();
    const rank = Math.max(1, Math.ceil((percent / 100) * this.sorted.length));
    return this.sorted[rank - 1] ?? NaN;
  }
}
