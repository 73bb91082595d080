import { type AttemptRecord, type PhaseState, phaseState } from './attempts.js';
import type { CheckpointRef } from './checkpoints.js';
import type { RunConfig } from './config.js';
import type { Verdict } from './endings/evidence.js';
import type { JobEnding } from './endings/names.js';
import { mergedWindows, windowOf } from './skip-windows.js';

/**
 * Below which step the resume ladder begins after this ending; null for at its top. Asked before the ladder is climbed, for a newer checkpoint
 * than the one that was refused, or one from within a spike, may verify and must not be taken.
 */
export function fallbackBelow(
  earlier: PhaseState,
  { ending, spike }: Pick<Verdict, 'ending' | 'spike'>,
  resumedFrom: CheckpointRef | null,
): number | null {
  const before = phaseState(earlier);
  if (ending === 'bad-checkpoint') return resumedFrom?.step ?? null;
  if (ending === 'loss-spike')
    return spike === null ? (resumedFrom?.step ?? null) : spike.before === null ? spike.step : spike.before + 1;
  if (ending === 'nan' && goesBehindSpike(before, ending)) return resumedFrom?.step ?? null;
  return null;
}

/**
 * True for an ending that goes back behind a spike and passes over its samples: a spike, or a second NaN while the place of the first
 * lies ahead, which is not chance but numbers or data.
 */
export function goesBehindSpike(before: PhaseState, ending: JobEnding): boolean {
  return ending === 'loss-spike' || (ending === 'nan' && before.nanStep !== null);
}

/**
 * Adds the samples since the checkpoint that is still trusted, up to where the trainer gave up, to those passed over; counts it against
 * `recovery.spikes`. What made the loss rise was seen shortly before it rose, so the window begins at the checkpoint and not at the spike.
 */
export function withSkippedWindow(
  config: RunConfig,
  before: PhaseState,
  counted: PhaseState,
  { ending, spike = null }: AttemptRecord,
  head: CheckpointRef | null,
): PhaseState {
  if (!goesBehindSpike(before, ending)) return counted;
  const globalBatch = config.phases.find(({ name }) => name === counted.name)?.globalBatch ?? 0;
  const spikes = counted.spikes + 1;
  if (spike === null || globalBatch === 0) return { ...counted, spikes };
  const from = { step: head?.step ?? 0, position: head?.position ?? (head?.step ?? 0) * globalBatch };
  const steps = { after: Math.max(from.step, spike.before ?? from.step), upTo: spike.until };
  const skipped = windowOf(steps, from, globalBatch, counted.skipWindows);
  return { ...counted, spikes, skipWindows: mergedWindows([...counted.skipWindows, skipped]) };
}
