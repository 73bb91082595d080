import type { PhaseConfig } from '../domain/config.js';
import type { EndedByUs } from '../domain/endings/evidence.js';
import { renewed } from '../domain/control.js';
import type { EndStatus } from '../domain/proof.js';
import { bringToEnd, confirmed } from './bring-to-end.js';
import { continueRunAsNew } from './continue.js';
import { keepCheckpoints } from './keep-checkpoints.js';
import { lookOrWait } from './look.js';
import { clusterNamed } from '../domain/clusters.js';
import { leased } from './money.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';
import { tell, tellInterval } from './tell.js';
import { throwIfCanceled } from './waiting.js';

/** How an attempt came to its end: proven, and by whose wish. */
export interface Ended {
  readonly status: EndStatus;
  readonly endedByUs: EndedByUs | null;
}

/**
 * Watches the open job until it is proven to have ended: by itself, because it passed a limit, or because an operator asked. Watched in
 * bounded segments; between two of them the run continues as new, so that its history stays small and a new worker version can take over.
 */
export async function supervise(run: Run, phase: PhaseConfig, open: OpenAttempt): Promise<Ended> {
  const keeping = keepCheckpoints(run, phase, open);
  try {
    await run.flush();
    return await watchToItsEnd(run, open);
  } finally {
    await keeping.stop();
  }
}

async function watchToItsEnd(run: Run, open: OpenAttempt): Promise<Ended> {
  for (;;) {
    throwIfCanceled(run);
    const why = open.stopping ?? wishOf(run);
    if (why !== null) return bringToEnd(run, open, why);
    tellInterval(run, open);
    // An operator may have set the budget anew.
    open.control = leased(run, open.control, clusterNamed(run.config, open.cluster));
    const seen = await lookOrWait(run, open);
    if (seen === 'message') {
      await run.flush();
      continue;
    }
    if (seen.kind === 'ended') {
      const status = await confirmed(run, open, seen.status);
      if (status !== null) return { status, endedByUs: null };
    }
    if (seen.kind === 'segment-over') {
      run.state.seen = seen.progress;
      open.control = renewed(open.control, Date.now());
      await continueRunAsNew(run);
    }
    if (seen.kind === 'news' && seen.due !== null) {
      const { limit, seconds, limitSeconds } = seen.due;
      if (seen.due.do === 'request-checkpoint') tell(open, { checkpoint: true });
      else {
        run.note({ kind: 'limit-passed', jobName: open.jobName, limit, seconds, limitSeconds });
        open.stopping = { for: 'limit', limit, seconds };
      }
    }
    // A job that was warned is gone within a minute: what there is to say goes into the journal with its end.
    if (!open.watch.warned) await run.flush();
  }
}

/** Why an operator wants the job ended; null where nobody does. */
function wishOf(run: Run): EndedByUs | null {
  const { paused, recoverNow } = run.state.operator;
  if (paused !== null) return { for: 'operator', command: 'pause' };
  return recoverNow ? { for: 'operator', command: 'recover-now' } : null;
}
