import { type AttemptRecord, type PhaseState, phaseState } from './attempts.js';
import { afterEnding, isProgress } from './budgets.js';
import type { CheckpointRef } from './checkpoints.js';
import type { RunConfig } from './config.js';
import type { Fact } from './endings/evidence.js';
import type { JobEnding } from './endings/names.js';
import { nextStep } from './endings/next-step.js';
import { backoffSeconds, retryPauseSeconds } from './backoff.js';
import { type Refusal, budgetSpent, withoutProgress } from './refusals.js';
import { withSkippedWindow } from './fallback.js';

/**
 * The recovery policy: a pure function from what is known after an attempt to what happens next.
 *
 * Traces (P preempted, I infrastructure, U user error, ? unknown, S spike, N NaN, W no capacity, C completed; `120+` = a checkpoint at step 120):
 *   P 120+ -> resume from 120;  P (nothing yet) -> resume from nothing, not counted;  P P P P P within the resubmit -> resume each time
 *   U -> retry, U -> retry, U -> fail (userErrors 2);  I I I 160+ I I I -> goes on, the budget came back at 160
 *   W -> wait 1 min, W -> wait 2 min, ... 10 min;  quota -> hold;  S 480..500 -> resume at or below 480 and pass over the samples of 481..500
 *   N 500 -> resume as it was;  N 500 again -> from an older one, the samples up to 500 passed over;  C -> advance.
 */
export type Decision = { readonly phase: PhaseState } & (
  | { readonly action: 'advance' }
  | {
      readonly action: 'resume';
      readonly from: CheckpointRef | null;
      /** Pause before the submission; 0 for at once. */
      readonly waitSeconds: number;
      readonly reason: string;
      /** What a person should know though the run goes on. */
      readonly alert: string | null;
    }
  /** Nothing is submitted until an operator's `resume`, which goes on from `from`. */
  | ({ readonly action: 'hold'; readonly from: CheckpointRef | null } & Explained)
  | ({ readonly action: 'fail'; readonly outcome: PhaseFailure } & Explained)
);

/** Why a phase ends without its last step. */
export type PhaseFailure =
  | 'user-errors'
  | 'unknown-endings'
  | 'infrastructure-errors'
  | 'spikes'
  /** Attempts start and end cleanly, and none saves anything new. */
  | 'no-progress'
  /** Canceled, by us or by somebody else. */
  | 'stopped';

interface Explained {
  readonly reason: string;
  readonly evidence: readonly Fact[];
  readonly nextCommand: string;
}

/** @param head newest checkpoint of the phase that verifies, found after the attempt ended, below what `fallbackFor` says; null where none exists. */
export function decide(
  config: RunConfig,
  earlier: PhaseState,
  attempt: AttemptRecord,
  head: CheckpointRef | null,
): Decision {
  const before = phaseState(earlier);
  const step: (typeof nextStep)[JobEnding] = nextStep[attempt.ending];
  const counted = afterEnding(before, attempt, head);
  if (step === 'advance') return { action: 'advance', phase: { ...counted, done: true } };
  const refusal =
    (step === 'stop' ? stopped(attempt) : null) ??
    budgetSpent(config.recovery, before, counted, attempt) ??
    withoutProgress(config.recovery, counted, attempt);
  if (refusal !== null) return { action: 'fail', phase: counted, ...refusal, ...explained(config, attempt) };
  const phase = withSkippedWindow(config, before, counted, attempt, head);
  const person = step === 'hold' ? attempt.because : tooMuchLost(config, phase, head);
  if (person !== null) return held(config, phase, head, { why: person, evidence: attempt.evidence ?? [] });
  const { reason, alert } = resumption(phase, before, attempt.ending, head);
  return { action: 'resume', phase, from: head, waitSeconds: pauseBefore(config, phase, step), reason, alert };
}

/**
 * The same between two attempts, of a run that is taken up: what was decided on by who looked after it before may be damaged or gone.
 * @param past the phase as the journal has it
 * @param head newest checkpoint of the phase that verifies now; null where none exists
 */
export function decideOnPast(
  config: RunConfig,
  past: PhaseState,
  head: CheckpointRef | null,
): Extract<Decision, { action: 'resume' | 'hold' }> {
  const before = phaseState(past);
  const phase = { ...before, head };
  const person = tooMuchLost(config, phase, head);
  if (person !== null) return held(config, phase, head, { why: person, evidence: [] });
  const { reason, alert } = resumption(phase, before, null, head);
  return { action: 'resume', phase, from: head, waitSeconds: 0, reason, alert };
}

function stopped({ jobName, ending, because }: AttemptRecord): Refusal {
  return { outcome: 'stopped', reason: `job ${jobName} ended ${ending}: ${because}` };
}

const explained = (config: RunConfig, attempt: AttemptRecord) => ({
  evidence: attempt.evidence ?? [],
  nextCommand: `bertha logs ${config.name}`,
});

function held(
  config: RunConfig,
  phase: PhaseState,
  from: CheckpointRef | null,
  { why, evidence }: { readonly why: string; readonly evidence: readonly Fact[] },
): Extract<Decision, { action: 'hold' }> {
  const reason = `the run waits for a person, nothing is paid meanwhile: ${why}`;
  return { action: 'hold', phase, from, reason, evidence, nextCommand: `bertha resume ${config.name}` };
}

/** Step 0 only where little is lost by it: weeks of training are not thrown away without a word of a person. */
function tooMuchLost(config: RunConfig, phase: PhaseState, head: CheckpointRef | null): string | null {
  const steps = config.phases.find(({ name }) => name === phase.name)?.steps ?? Infinity;
  const isLittle = phase.highest <= config.recovery.startOverShare * steps;
  if (head !== null || isLittle) return null;
  return `no checkpoint verifies any more, and starting again at step 0 would lose ${phase.highest} steps (recovery.startOverShare)`;
}

function pauseBefore(config: RunConfig, phase: PhaseState, step: (typeof nextStep)[JobEnding]): number {
  if (step === 'wait-for-capacity') return backoffSeconds(phase.capacityWaits, config.recovery);
  if (step === 'retry-as-infrastructure') return retryPauseSeconds(phase.infrastructureErrors, config.recovery);
  if (step === 'retry-as-unknown') return retryPauseSeconds(phase.unknownEndings, config.recovery);
  return 0;
}

/** So many preemptions in a row without a new checkpoint, and again after twice as many: the interval is too long for this capacity. */
const STORM = 5;

function resumption(
  phase: PhaseState,
  before: PhaseState,
  ending: JobEnding | null,
  head: CheckpointRef | null,
): { reason: string; alert: string | null } {
  const { preemptedInARow: storm } = phase;
  const isStorm = storm > before.preemptedInARow && storm % STORM === 0;
  if (head === null) {
    const reason = 'no checkpoint exists yet, so training starts again at step 0';
    const lost =
      phase.highest > 0 ? `no checkpoint verifies any more: ${phase.highest} steps are lost, ${reason}` : null;
    return { reason: lost ?? reason, alert: lost ?? (isStorm ? stormWords(storm) : null) };
  }
  const skipped = phase.skipWindows.length > before.skipWindows.length ? ', samples around the spike passed over' : '';
  const older =
    isProgress(before, head) || head.step >= phase.highest ? '' : `, below step ${phase.highest} that was reached`;
  const reason = `resuming from step ${head.step}, checkpoint verified${older}${skipped}`;
  return { reason, alert: isStorm ? stormWords(storm) : ending === 'bad-checkpoint' ? reason : null };
}

const stormWords = (count: number) =>
  `${count} attempts in a row were preempted before they saved anything new: a shorter checkpoint interval may help (bertha set)`;
