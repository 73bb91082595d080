import { mkdirSync } from 'node:fs';
import { diskFor } from './disk.mjs';
import { Halt } from './halt.mjs';
import { locked } from './lock.mjs';
import { home } from './places.mjs';
import { findPython } from './python.mjs';
import { note, timed } from './say.mjs';
import { steps } from './steps/index.mjs';
import { sweepLeftovers } from './swap.mjs';

/**
 * Brings the clone up to date, silently when it already is. Another set-up at work is waited for.
 * @returns {Promise<boolean>} false after a failure, which has then been printed as one sentence
 */
export async function ready() {
  try {
    if (pending().length > 0) await setUp();
    return true;
  } catch (error) {
    const sentence = sentenceFor(error);
    if (sentence === undefined) throw error;
    note(sentence);
    return false;
  }
}

async function setUp() {
  mkdirSync(home, { recursive: true });
  await locked(async () => {
    const first = pending();
    if (first.length === 0) return;
    sweepLeftovers();
    const python = await findPython();
    diskFor(first);
    // Asked again for each: a step may make the next one necessary, as new packages do for the build.
    for (const step of steps) if (!step.isDone()) await timed(step.name, () => step.run({ python }));
    sweepLeftovers();
  });
}

const pending = () => steps.filter((step) => !step.isDone());

function sentenceFor(error) {
  if (error instanceof Halt) return error.message;
  if (error.code === 'ENOSPC') return `The disk is full (${error.path ?? home}): free some space and run this again.`;
  const mayNotWrite = error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM';
  if (mayNotWrite) return `${error.path ?? home} may not be written: correct its owner or rights and run this again.`;
  return undefined;
}
