import type { EndedByUs, Fact, JobEvidence } from './evidence.js';
import { shortened } from './texts.js';

/** Everything that is known of an ending, as a list for journal and report; nothing is left out because it did not decide. */
export function factsOf(evidence: JobEvidence): Fact[] {
  const { errorCode, errorMessage, lastWords } = evidence;
  const error = [errorCode, errorMessage].filter((part) => part !== null).join(': ');
  const facts: (Fact | null)[] = [
    { source: 'azure', fact: statusWords(evidence.status) },
    fact('run-history', error === '' ? null : `error ${error}`),
    fact('run-history', evidence.cancelationReason ? `cancel reason: ${evidence.cancelationReason}` : null),
    ...evidence.warnings.map((warning) => fact('run-history', `warning: ${warning}`)),
    ...(evidence.clusterErrors ?? []).map((line) => fact('cluster', line)),
    ...evidence.preemptedNodes.map((node) => fact('nodes', `node ${node} is listed as gone`)),
    fact('azure', typeof evidence.ranSeconds === 'number' ? `held nodes for ${evidence.ranSeconds} s` : null),
    fact('trainer', evidence.trainerStarted ? startedWords(evidence) : 'no process of ours left a word'),
    fact(
      'trainer',
      lastWords === null ? null : `${lastWords.reason} (exit code ${lastWords.exitCode}): ${lastWords.message}`,
    ),
    fact('trainer', lastWords?.detail ? `traceback: ${lastWords.detail}` : null),
    ...(evidence.logTail ?? []).slice(-3).map((line) => fact('trainer', `log: ${line}`)),
    fact('checkpoints', evidence.finalCheckpointVerified ? 'the checkpoint of the last step verifies' : null),
    fact('supervisor', evidence.endedByUs === null ? null : oursWords(evidence.endedByUs)),
  ];
  return facts.filter((one) => one !== null);
}

function fact(source: Fact['source'], text: string | null): Fact | null {
  return text === null ? null : { source, fact: shortened(text) };
}

function statusWords(status: JobEvidence['status']): string {
  if (status === 'NotFound') return 'the job is not known any more';
  if (status === 'GivenUp') return 'the job reached no terminal state';
  return `status ${status}`;
}

const startedWords = ({ incarnations = 1 }: JobEvidence) =>
  incarnations > 1 ? `the trainer started ${incarnations} times` : 'the trainer started';

function oursWords(ours: EndedByUs): string {
  if (ours.for === 'run-end') return 'we canceled it because the run ends';
  if (ours.for === 'operator') return `we ended it for an operator's ${ours.command}`;
  return `we ended it: limit ${ours.limit} after ${Math.round(ours.seconds)} s`;
}
