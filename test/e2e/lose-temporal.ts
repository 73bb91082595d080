import { rmSync } from 'node:fs';
import type { Stack } from '../../stack/stack.js';

/** The Temporal server of a stack is gone, its database with it; an empty one comes up in its place. */
export async function loseTemporal(stack: Stack): Promise<void> {
  await stack.kill('temporal');
  for (const ending of ['', '-wal', '-shm']) rmSync(`${stack.places.temporal}${ending}`, { force: true });
  await stack.revive('temporal');
}
