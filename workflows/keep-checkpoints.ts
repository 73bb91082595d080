import { CancellationScope } from '@temporalio/workflow';
import type { PhaseConfig } from '../domain/config.js';
import { dataWork, verifying } from './proxies.js';
import type { OpenAttempt, Run } from './state.js';

/** Shorter looks would only list the same folders again. */
const SHORTEST_POLL_SECONDS = 10;

/**
 * At the begin of a watch: sees to it that checkpoints are hashed as they appear, and lets those go that nobody needs. Hashing runs beside
 * everything else until this execution of the workflow ends; what it has not hashed by the time of a decision is hashed then.
 */
export async function keepCheckpoints(run: Run, phase: PhaseConfig, open: OpenAttempt): Promise<void> {
  const { place, config } = run;
  if (!run.hashing) {
    run.hashing = true;
    const pollSeconds = Math.max(config.watch.pollSeconds, SHORTEST_POLL_SECONDS);
    const phases = config.phases.map(({ name }) => name);
    const hashing = CancellationScope.nonCancellable(() =>
      verifying(pollSeconds).verifyCheckpoints({ place, phases, pollSeconds }),
    );
    hashing.catch(() => undefined);
  }
  const first = phase.initFrom === undefined ? null : run.phase(phase.initFrom).head;
  const inUse = [open.resumedFrom, run.phase(phase.name).head, first].flatMap((one) =>
    one === null ? [] : [one.path],
  );
  const count = await dataWork.letGoCheckpoints({
    place,
    phase: phase.name,
    attempt: open.attempt,
    lineage: run.phase(phase.name).lineage,
    keep: config.checkpoints.keep,
    inUse,
  });
  if (count > 0)
    run.note({
      kind: 'checkpoints-removed',
      phase: phase.name,
      count,
      reason: 'newer ones are good (checkpoints.keep)',
    });
}
