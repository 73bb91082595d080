import { usageOf } from '../harness/process.js';

/** Memory of several processes over a while, in bytes: the most that any one of them had in RAM. */
export interface Memory {
  readonly peak: number;
  readonly inFirstThird: number;
  readonly inLastThird: number;
}

const everyMs = 50;

/** Looks at the memory of processes again and again while `work` is done. */
export async function whileWatching<T>(
  pids: readonly number[],
  work: () => Promise<T>,
): Promise<{ result: T; memory: Memory }> {
  const seen: number[] = [];
  const look = (): unknown => seen.push(Math.max(...pids.map((pid) => usageOf(pid).rss)));
  const timer = setInterval(look, everyMs);
  try {
    const result = await work();
    look();
    const third = Math.ceil(seen.length / 3);
    const [inFirstThird, inLastThird] = [Math.max(...seen.slice(0, third)), Math.max(...seen.slice(-third))];
    return { result, memory: { peak: Math.max(...seen), inFirstThird, inLastThird } };
  } finally {
    clearInterval(timer);
  }
}
