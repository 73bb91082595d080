import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is true. @throws naming what was waited for when it does not come in time */
export async function until(what: string, ask: () => Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds} ms in vain for ${what}`);
    await sleep(50);
  }
}
