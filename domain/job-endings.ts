/**
 * Every way an attempt can end has a name here, and a total map says what comes next. A new ending without a next step does not compile.
 */
export type JobEnding =
  /** Azure or the trainer says Completed and the phase's last checkpoint verifies. */
  | 'completed'
  /** Azure took nodes away: PreemptionError, a preempted node that ran the job, or no capacity left for it. */
  | 'preempted'
  /** The trainer was warned (SIGTERM), saved and left. */
  | 'interrupted'
  /** The trainer refused the checkpoint it was given; an older one may do. */
  | 'bad-checkpoint'
  /** The loss became NaN or infinite. */
  | 'nan'
  /** The code, its config or its data is wrong: an exit code other than those above. */
  | 'user-error'
  /** The job failed before any process of ours ran. */
  | 'never-started'
  /** We canceled it. */
  | 'canceled-by-us'
  /** Somebody else canceled it, or its time limit passed. */
  | 'canceled-elsewhere'
  /** Azure does not know the job any more. */
  | 'vanished'
  /** None of the above can be proven. */
  | 'unknown';

/** What an ending leads to; `retry` costs one of `recovery.userErrors`, `resume` costs nothing. */
export type NextStep = 'advance' | 'resume' | 'resume-from-older' | 'retry' | 'stop';

export const nextStep = {
  completed: 'advance',
  preempted: 'resume',
  interrupted: 'resume',
  'bad-checkpoint': 'resume-from-older',
  nan: 'retry',
  'user-error': 'retry',
  'never-started': 'retry',
  'canceled-by-us': 'stop',
  'canceled-elsewhere': 'stop',
  vanished: 'retry',
  unknown: 'retry',
} as const satisfies Record<JobEnding, NextStep>;

/** What is known of a job that has ended: facts read from Azure and from the trainer's last words. */
export interface JobEvidence {
  readonly jobName: string;
  readonly status: 'Completed' | 'Failed' | 'Canceled' | 'NotFound';
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly warnings: readonly string[];
  /** Nodes that Azure lists as preempted while they ran this job: `1 (id)` where the rank is known, else the id. */
  readonly preemptedNodes: readonly string[];
  /** True where a process of the trainer left a heartbeat or words of its own. */
  readonly trainerStarted: boolean;
  readonly lastWords: { readonly reason: string; readonly message: string; readonly exitCode: number } | null;
  readonly cancelRequestedByUs: boolean;
  readonly finalCheckpointVerified: boolean;
}

export interface Verdict {
  readonly ending: JobEnding;
  /** One sentence with the facts that decided. */
  readonly because: string;
}

const PREEMPTION_TEXT = /pre-?empt/i;
const CAPACITY_TEXT = /OutOfCapacity|no capacity|want of capacity|insufficient capacity|AllocationFailed/i;
const EXIT_CODE = /exited with (?:status )?code\s*:?\s*(\d+)/i;

/** Names the ending of a job. Preemption is looked for first: a lost peer makes the surviving processes fail in ways that look like bugs. */
export function classifyEnding(evidence: JobEvidence): Verdict {
  const { status, errorMessage, lastWords } = evidence;
  const text = [evidence.errorCode, errorMessage, ...evidence.warnings].filter((part) => part !== null).join(' | ');
  if (status === 'NotFound') return { ending: 'vanished', because: `Azure no longer knows job ${evidence.jobName}` };
  if (status === 'Completed') {
    return evidence.finalCheckpointVerified
      ? { ending: 'completed', because: 'Azure says Completed and the last checkpoint verifies' }
      : { ending: 'unknown', because: 'Azure says Completed, but no verified checkpoint of the last step exists' };
  }
  if (status === 'Canceled' && evidence.cancelRequestedByUs)
    return { ending: 'canceled-by-us', because: 'canceled on our request' };
  const finishedBeforeItFailed = lastWords?.reason === 'completed' && evidence.finalCheckpointVerified;
  if (finishedBeforeItFailed)
    return {
      ending: 'completed',
      because: `the trainer said that it completed and the last checkpoint verifies, though Azure says ${status}`,
    };
  const preempted = PREEMPTION_TEXT.test(text) || CAPACITY_TEXT.test(text) || evidence.preemptedNodes.length > 0;
  if (preempted) return { ending: 'preempted', because: preemptionFacts(evidence, text) };
  if (status === 'Canceled')
    return { ending: 'canceled-elsewhere', because: text || 'canceled by somebody else or by its time limit' };
  if (lastWords !== null) {
    const named = {
      'bad-checkpoint': 'bad-checkpoint',
      nan: 'nan',
      interrupted: 'interrupted',
      'user-error': 'user-error',
    } as const;
    const ending = named[lastWords.reason as keyof typeof named] as JobEnding | undefined;
    return {
      ending: ending ?? 'user-error',
      because: `the trainer said: ${lastWords.message} (exit code ${lastWords.exitCode})`,
    };
  }
  const exitCode = EXIT_CODE.exec(text)?.[1];
  if (exitCode !== undefined) return { ending: byExitCode[exitCode] ?? 'user-error', because: firstSentence(text) };
  if (!evidence.trainerStarted)
    return { ending: 'never-started', because: firstSentence(text) || 'failed before any process started' };
  return { ending: 'unknown', because: firstSentence(text) || `Azure says ${status} and gives no reason` };
}

/** docs/payload-contract.md, "Exit codes". */
const byExitCode: Record<string, JobEnding> = {
  '3': 'user-error',
  '4': 'bad-checkpoint',
  '5': 'nan',
  '6': 'interrupted',
};

function preemptionFacts(evidence: JobEvidence, text: string): string {
  const nodes = evidence.preemptedNodes;
  const taken = nodes.length > 0 ? `${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.join(', ')} preempted` : null;
  return [taken, firstSentence(text) || null].filter((part) => part !== null).join('; ');
}

function firstSentence(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 400);
}
