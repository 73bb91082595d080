import { randomOf } from './random.js';

/** Whether a page is kept out of training: a hash of its id decides, so that it never depends on the other pages. */
export function isHeldOut(pageId: number, share: number, seed: number): boolean {
  return randomOf('heldout', seed, pageId).share() < share;
}
