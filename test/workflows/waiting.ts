import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until `look` returns something. @throws after 10 s, saying what was waited for */
export async function eventually<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited 10 s in vain: ${what}`);
    await sleep(20);
  }
}
