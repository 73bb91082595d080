import { figure } from './table.js';

/** A figure with the bar that it must meet. */
export interface Bar {
  /** What was measured: "p99 of a GET". */
  name: string;
  value: number;
  unit: string;
  /** Meets the bar when below it, when at least it, or when within `tolerance` of it. */
  must: { below: number } | { atLeast: number } | { be: number; tolerance: number };
}

/** Whether a bar is met; a value that was not measured (NaN) meets none. */
export function meets({ value, must }: Bar): boolean {
  if ('below' in must) return value < must.below;
  if ('atLeast' in must) return value >= must.atLeast;
  return Math.abs(value - must.be) <= must.tolerance;
}

/** "met:    p99 of a GET 8.20 ms, must be below 50 ms". */
export function verdict(bar: Bar): string {
  const { name, value, unit, must } = bar;
  return `${meets(bar) ? 'met:   ' : 'MISSED:'} ${name} ${figure(value)} ${unit}, must be ${wanted(must)} ${unit}`;
}

function wanted(must: Bar['must']): string {
  if ('below' in must) return `below ${figure(must.below)}`;
  if ('atLeast' in must) return `at least ${figure(must.atLeast)}`;
  return `${figure(must.be)} give or take ${figure(must.tolerance)}`;
}
