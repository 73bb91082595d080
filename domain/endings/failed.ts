import { withRole } from './access.js';
import type { Named } from './classify.js';
import { signalOfCode } from './exit-codes.js';
import type { JobEnding } from './names.js';
import type { Reading } from './reading.js';
import { shortened } from './texts.js';

/** A failure that no preemption explains. Total over `Failed`. */
export function failed(read: Reading): Named | null {
  const { evidence } = read;
  if (evidence.status !== 'Failed') return null;
  const named = (evidence.trainerStarted ? null : beforeTheTrainer(read)) ?? ofTheProcess(read) ?? clueless(read);
  return { ...named, because: withRole(named.because) };
}

/** Causes that lie before our first process: the cluster and the image, in the order of certainty. */
function beforeTheTrainer(read: Reading): Named | null {
  const because = read.text || (read.evidence.clusterErrors ?? []).join('; ');
  const kinds = [
    ['sku', 'sku-refused'],
    ['quota', 'quota-exceeded'],
    ['capacity', 'no-capacity'],
    ['image', 'image-failed'],
  ] as const;
  const found = kinds.find(([kind]) => read.mentions(kind));
  return found === undefined ? null : { ending: found[1], because: shortened(because) };
}

/** What the process said or did: a named reason or code, a signal, a text of the log. */
function ofTheProcess(read: Reading): Named | null {
  const { said, exitCode, evidence } = read;
  if (said !== null) return said;
  if (read.mentions('capacity')) return { ending: 'preempted', because: read.text };
  if (read.mentions('lifetime')) return { ending: 'lifetime-limit', because: read.text };
  const byLog = ofTheLog(read);
  if (byLog !== null) return { ending: byLog, because: quoted(read) };
  const signal = read.signal ?? (exitCode === null ? null : signalOfCode(exitCode));
  // SIGKILL alone tells neither the host's memory from a node that goes, nor a mistake from a defect.
  if (signal !== null)
    return { ending: 'unknown', because: `ended by ${signal}, and nothing says why; ${quoted(read)}` };
  const unheardOf = evidence.lastWords !== null && exitCode === 0;
  if (exitCode === null || unheardOf) return null;
  return { ending: 'user-error', because: quoted(read) };
}

function ofTheLog(read: Reading): JobEnding | null {
  if (read.logMentions('memory')) return 'out-of-memory';
  if (read.logMentions('hardware')) return 'node-lost';
  if (read.logMentions('peer')) return 'lost-peer';
  return null;
}

function clueless({ evidence, text }: Reading): Named {
  if (!evidence.trainerStarted)
    return { ending: 'never-started', because: text || 'failed before any process of ours started' };
  return { ending: 'unknown', because: text || `Azure says ${evidence.status} and gives no reason` };
}

/** The exit code with the error's last lines, or the trainer's own words. */
function quoted({ evidence, text, exitCode }: Reading): string {
  const words = evidence.lastWords;
  if (words !== null) return shortened(`the trainer said: ${words.message} (exit code ${words.exitCode})`);
  const lines = (evidence.logTail ?? []).slice(-3).join(' / ');
  const code = exitCode === null || text !== '' ? '' : `exit code ${exitCode}`;
  return shortened([code, text, lines === '' ? '' : `last lines: ${lines}`].filter((part) => part !== '').join('; '));
}
