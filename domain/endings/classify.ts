import type { Fact, JobEvidence, Verdict } from './evidence.js';
import { canceledByOthers, endedByUs } from './canceled.js';
import { failed } from './failed.js';
import { factsOf } from './facts.js';
import { reading, type Reading } from './reading.js';
import type { JobEnding } from './names.js';
import { preempted } from './preempted.js';

/** A rule knows one kind of ending; null where the facts do not show it. */
export type Rule = (reading: Reading) => Named | null;

export interface Named {
  readonly ending: JobEnding;
  readonly because: string;
}

/**
 * In this order, and the first that holds decides:
 * what is done is done, whatever the status says; a job that the run itself ended is no riddle; what the trainer says of the training is true
 * whatever took the nodes, and would be lost if the preemption alone were believed (a spike would come along); then preemption, before all that
 * a lost peer makes the survivors do; then our limits, other people's cancels, and at last the failures.
 */
const RULES: readonly Rule[] = [
  finished,
  forTheRun,
  sayingOfTheTraining,
  preempted,
  endedByUs,
  canceledByOthers,
  vanished,
  unprovenCompletion,
  failed,
];

/** Names the ending of a job. Total: what no rule knows is `unknown`. */
export function classifyEnding(collected: JobEvidence): Verdict {
  const evidence = { ...collected, endedByUs: endedByUsOf(collected) };
  const read = reading(evidence);
  const named = RULES.map((rule) => rule(read)).find((found) => found !== null) ?? unexplained(read);
  const facts: readonly Fact[] = factsOf(evidence);
  return { ...named, evidence: facts, exitCode: read.exitCode, spike: spikeOf(read, named.ending) };
}

function endedByUsOf(collected: Partial<JobEvidence>): JobEvidence['endedByUs'] {
  return collected.endedByUs ?? (collected.cancelRequestedByUs === true ? { for: 'run-end' } : null);
}

function finished({ evidence }: Reading): Named | null {
  const { status, lastWords, finalCheckpointVerified } = evidence;
  if (!finalCheckpointVerified) return null;
  if (status === 'Completed')
    return { ending: 'completed', because: 'Azure says Completed and the last checkpoint verifies' };
  if (lastWords?.reason !== 'completed') return null;
  const because = `the trainer said that it completed and the last checkpoint verifies, though Azure says ${status}`;
  return { ending: 'completed', because };
}

function forTheRun({ evidence, said }: Reading): Named | null {
  const obeyed = ['Canceled', 'GivenUp'].includes(evidence.status) || said?.ending === 'interrupted';
  return evidence.endedByUs?.for === 'run-end' && obeyed
    ? { ending: 'canceled-by-us', because: 'canceled on our request, because the run ends' }
    : null;
}

/** Endings that say something about the training itself; no lost peer can make a survivor say them. */
const OF_THE_TRAINING: ReadonlySet<JobEnding> = new Set(['nan', 'loss-spike', 'bad-checkpoint', 'spend-until']);

function sayingOfTheTraining(read: Reading): Named | null {
  const { said } = read;
  return said !== null && OF_THE_TRAINING.has(said.ending) ? said : null;
}

function vanished({ evidence }: Reading): Named | null {
  if (evidence.status !== 'NotFound') return null;
  return { ending: 'vanished', because: `Azure no longer knows job ${evidence.jobName}` };
}

function unprovenCompletion({ evidence }: Reading): Named | null {
  if (evidence.status !== 'Completed') return null;
  return { ending: 'unfinished', because: 'Azure says Completed, but no verified checkpoint of the last step exists' };
}

function unexplained({ evidence, text }: Reading): Named {
  return { ending: 'unknown', because: text || `Azure says ${evidence.status} and gives no reason` };
}

function spikeOf({ evidence }: Reading, ending: JobEnding): Verdict['spike'] {
  if (ending !== 'loss-spike' && ending !== 'nan') return null;
  const { spike, step } = evidence.lastWords ?? {};
  const first = spike?.step ?? step;
  if (typeof first !== 'number') return null;
  return { step: first, before: spike?.before ?? null, until: Math.max(first, step ?? first) };
}
