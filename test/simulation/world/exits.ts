import type { Course } from './course.js';
import type { Exit } from './origin.js';
import type { StoredCheckpoint } from './storage.js';

/** Exit code of a trainer that nobody renewed. */
export const SPEND_UNTIL = 9;

/** The ways in which a trainer ends by itself: exit codes and last words as in docs/payload-contract.md. */
export const completion: Exit = {
  code: 0,
  words: { reason: 'completed', message: 'done', exitCode: 0 },
  cause: null,
};

/** Without a word. */
export const unexplained: Exit = { code: 1, words: null, cause: null };

/** It does not take the checkpoint that it was given. */
export function refusal({ path }: StoredCheckpoint): Exit {
  const words = { reason: 'bad-checkpoint', message: `checkpoint ${path} does not verify`, exitCode: 4 };
  return { code: 4, words, cause: 'refused' };
}

/** It found that its steps are spoilt. @param words what it says of that */
export function spoiling(words: ReturnType<Course['wordsAt']>) {
  return { code: words.exitCode, words, cause: words.reason } satisfies Exit;
}

/** It was told to leave, or nobody told it that it may go on. @param step the last one; null where it came to none */
export function departure(code: number, step: number | null): Exit {
  const reason = code === SPEND_UNTIL ? 'spend-until' : 'interrupted';
  return { code, words: { reason, message: 'told to leave', exitCode: code, step }, cause: null };
}
