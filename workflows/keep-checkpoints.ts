import { CancellationScope, condition } from '@temporalio/workflow';
import type { PhaseConfig } from '../domain/config.js';
import { removal, verifying } from './proxies.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';

/** Shorter looks would only list the same folders again. */
const SHORTEST_POLL_SECONDS = 10;

/** A removal that is under way takes seconds; one that waits for a data worker is called off. */
const REMOVAL_PATIENCE = '3 seconds';

/** Where attempt follows attempt, each removal would find little to remove and cost its history events all the same. */
const REMOVAL_PAUSE_MS = 6 * 3_600_000;

export interface Keeping {
  /** Returns when nothing is deleted any more: the next attempt may need what this one did not. */
  stop(): Promise<void>;
}

/**
 * Beside the watch: sees to it that checkpoints are hashed as they appear, and lets those go that nobody needs. Neither is waited for, because a
 * data worker that is busy or down must not keep a job from being watched. What is not hashed by the time of a decision is hashed then.
 */
export function keepCheckpoints(run: Run, phase: PhaseConfig, open: OpenAttempt): Keeping {
  if (!run.hashing) startHashing(run);
  const scope = new CancellationScope();
  let over = false;
  const removing = scope
    .run(() => letGo(run, phase, open))
    .catch(() => undefined)
    .finally(() => (over = true));
  return {
    async stop() {
      if (!over) await CancellationScope.nonCancellable(() => condition(() => over, REMOVAL_PATIENCE));
      scope.cancel();
      await removing;
    },
  };
}

/** Hashing goes on until this execution of the workflow ends. */
function startHashing(run: Run): void {
  const { place, config } = run;
  run.hashing = true;
  const pollSeconds = Math.max(config.watch.pollSeconds, SHORTEST_POLL_SECONDS);
  const phases = config.phases.map(({ name }) => name);
  const hashing = CancellationScope.nonCancellable(() =>
    verifying(pollSeconds).verifyCheckpoints({ place, phases, pollSeconds }),
  );
  hashing.catch(() => undefined);
}

async function letGo(run: Run, phase: PhaseConfig, open: OpenAttempt): Promise<void> {
  const { place, config, state } = run;
  const removedLately = Date.now() - (state.removedAt ?? 0) < REMOVAL_PAUSE_MS;
  if (removedLately) return;
  const { head, lineage } = run.phase(phase.name);
  const first = phase.initFrom === undefined ? null : run.phase(phase.initFrom).head;
  const inUse = [open.resumedFrom, head, first].flatMap((one) => (one === null ? [] : [one.path]));
  const count = await removal.letGoCheckpoints({
    place,
    phase: phase.name,
    attempt: open.attempt,
    lineage,
    keep: config.checkpoints.keep,
    inUse,
  });
  state.removedAt = Date.now();
  const reason = 'newer ones are good (checkpoints.keep)';
  if (count > 0) run.note({ kind: 'checkpoints-removed', phase: phase.name, count, reason });
}
