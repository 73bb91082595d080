import type { VmSize } from './sizes.js';

/** Cores of the sizes whose number counts something else. */
const CORES: Record<number, number> = { 3: 4, 4: 8, 5: 16, 11: 2, 12: 4, 13: 8, 14: 16 };

/** Sizes of a family, `%` in their names being cores (of the first two generations: a number), of which no price is known. */
export function unpriced(
  pattern: string,
  family: string,
  numbers: readonly number[],
  memoryPerCore: number,
  diskPerCore: number,
  premiumIO: boolean,
): VmSize[] {
  const counts = /^Standard_(D|DS)%(_v2)?$/.test(pattern);
  return numbers.map((number) => {
    const vCPUs = counts ? (CORES[number] ?? number) : number;
    const perCore = counts && number > 10 ? memoryPerCore * 2 : memoryPerCore;
    return {
      name: pattern.replace('%', String(number)),
      family,
      vCPUs,
      gpus: 0,
      memoryGB: perCore * vCPUs,
      diskGB: diskPerCore * vCPUs,
      lowPriorityCapable: true,
      supportsIB: false,
      premiumIO,
      price: null,
    };
  });
}
