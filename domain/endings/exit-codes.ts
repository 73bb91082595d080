import type { JobEnding } from './names.js';

/** docs/payload-contract.md, "Exit codes": what the trainer says by its exit code, when it had no time for words. */
const byExitCode: Readonly<Record<number, JobEnding>> = {
  3: 'user-error',
  4: 'bad-checkpoint',
  5: 'nan',
  6: 'interrupted',
  7: 'loss-spike',
  8: 'stuck-rank',
  9: 'spend-until',
  10: 'out-of-memory',
};

/** The same by the reason in `ending.json`. */
const byReason: Readonly<Record<string, JobEnding>> = {
  'user-error': 'user-error',
  'bad-checkpoint': 'bad-checkpoint',
  nan: 'nan',
  interrupted: 'interrupted',
  'loss-spike': 'loss-spike',
  'stuck-rank': 'stuck-rank',
  'spend-until': 'spend-until',
  'out-of-memory': 'out-of-memory',
  'lost-peer': 'lost-peer',
};

/** Signals by shell convention: who sent one, and why, the code does not say. */
const signals: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** @returns null where the code has no name in the contract */
export const endingOfCode = (code: number): JobEnding | null => byExitCode[code] ?? null;

/** @returns null where the reason has no name in the contract */
export const endingOfReason = (reason: string): JobEnding | null => byReason[reason] ?? null;

export const signalOfCode = (code: number): string | null => signals[code] ?? null;
