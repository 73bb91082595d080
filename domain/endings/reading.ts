import type { JobEvidence } from './evidence.js';
import { endingOfCode, endingOfReason } from './exit-codes.js';
import type { JobEnding } from './names.js';
import { EXIT_CODE, EXIT_SIGNAL, TEXTS, type TextName, shortened } from './texts.js';

/** Evidence, read once for all rules. */
export interface Reading {
  readonly evidence: JobEvidence;
  /** Azure's error in one line; empty where it gives none. */
  readonly text: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What the trainer says by its last words, or else by its exit code; null where neither has a name in the contract. */
  readonly said: { readonly ending: JobEnding; readonly because: string } | null;
  /** True where the error, the reason of the cancel or (only before the trainer started) the cluster has words of this kind. */
  mentions(kind: TextName): boolean;
  /** True where a warning beside the job has words of this kind; it may be as old as the job. */
  warns(kind: TextName): boolean;
  /** True where the error or the last lines of the log have words of this kind. */
  logMentions(kind: TextName): boolean;
}

export function reading(evidence: JobEvidence): Reading {
  const { errorCode, errorMessage, lastWords, trainerStarted } = evidence;
  const parts = [errorCode, errorMessage, evidence.cancelationReason ?? null].filter((part) => part !== null);
  const text = shortened(parts.join(' | '));
  const error = parts.join('\n');
  const cluster = trainerStarted ? '' : (evidence.clusterErrors ?? []).join('\n');
  const log = [error, ...(evidence.logTail ?? []), lastWords?.detail ?? ''].join('\n');
  const codeInText = EXIT_CODE.exec(error)?.[1];
  const exitCode = lastWords?.exitCode ?? (codeInText === undefined ? null : Number(codeInText));
  return {
    evidence,
    text,
    exitCode,
    signal: EXIT_SIGNAL.exec(error)?.[1] ?? null,
    said: said(evidence, exitCode, text),
    mentions: (kind) => TEXTS[kind].test(`${error}\n${cluster}`),
    warns: (kind) => evidence.warnings.some((warning) => TEXTS[kind].test(warning)),
    logMentions: (kind) => TEXTS[kind].test(log),
  };
}

function said({ lastWords }: JobEvidence, exitCode: number | null, text: string): Reading['said'] {
  const byWords = lastWords === null ? null : endingOfReason(lastWords.reason);
  const ending = byWords ?? (exitCode === null ? null : endingOfCode(exitCode));
  if (ending === null) return null;
  const because =
    lastWords === null ? text : `the trainer said: ${lastWords.message} (exit code ${lastWords.exitCode})`;
  return { ending, because };
}
