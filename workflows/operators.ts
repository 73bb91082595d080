import type { UpdateDefinition } from '@temporalio/common';
import { currentUpdateInfo, setHandler, uuid4 } from '@temporalio/workflow';
import { refusalOf } from '../domain/command-refusals.js';
import type { Command } from '../domain/commands.js';
import { ledgerView } from '../domain/goodput/running.js';
import {
  type Asker,
  cancelUpdate,
  eventsQuery,
  ledgerQuery,
  pauseUpdate,
  planQuery,
  recoverNowUpdate,
  resumeUpdate,
  setBudgetUpdate,
  setCheckpointIntervalUpdate,
  setDeadlineUpdate,
  skipWindowUpdate,
  statusQuery,
  wakeUpSignal,
} from './messages.js';
import { cancelOwnRun } from './cancel.js';
import type { Run } from './state.js';

/** A command without its id and asker, which every message brings in the same way. */
type Wish = Command extends infer One ? (One extends Command ? Omit<One, 'id' | 'by'> : never) : never;

/** Answers everything that operators and other systems may ask of a run. */
export function listen(run: Run): void {
  setHandler(statusQuery, () => run.status());
  setHandler(planQuery, () => run.plan());
  setHandler(eventsQuery, () => run.state.events);
  setHandler(ledgerQuery, () => {
    const { ledger, open, currency } = run.state;
    return ledgerView(ledger, open, { now: Date.now(), currency });
  });
  take(run, pauseUpdate, () => ({ kind: 'pause' }));
  take(run, resumeUpdate, () => ({ kind: 'resume' }));
  take(run, cancelUpdate, (asked) => ({ kind: 'cancel', reason: asked?.reason ?? null }));
  take(run, recoverNowUpdate, () => ({ kind: 'recover-now' }));
  take(run, setCheckpointIntervalUpdate, (asked) => ({
    kind: 'set-interval',
    seconds: asked?.seconds ?? null,
    steps: asked?.steps ?? null,
  }));
  take(run, setDeadlineUpdate, (asked) => ({ kind: 'set-deadline', at: timeOf(asked?.at) }));
  take(run, skipWindowUpdate, (asked) => ({
    kind: 'skip-window',
    phase: asked?.phase ?? '',
    from: asked?.from ?? NaN,
    to: asked?.to ?? NaN,
  }));
  take(run, setBudgetUpdate, (asked) => ({ kind: 'set-budget', amount: asked?.amount ?? NaN }));
  setHandler(wakeUpSignal, () => void run.obey({ id: uuid4(), by: null, kind: 'wake-up' }));
}

/** NaN for what is no time: the validator says so. */
const timeOf = (at: string | null | undefined): number | null => (at === null ? null : Date.parse(at ?? ''));

/** Refused before it is written into the history, or carried out and answered in the same moment: no handler ever waits. */
function take<Asked extends Asker>(
  run: Run,
  update: UpdateDefinition<string, [Asked]>,
  wish: (asked: Asked | undefined) => Wish,
): void {
  const command = (asked: Asked | undefined): Command => ({
    ...wish(asked),
    id: currentUpdateInfo()?.id ?? uuid4(),
    by: asked?.by ?? null,
  });
  const obeyed = (asked?: Asked) => {
    const effect = run.obey(command(asked));
    if (run.state.operator.canceled !== null) void cancelOwnRun(run);
    return effect;
  };
  setHandler(update, obeyed, {
    validator: (asked?: Asked) => {
      const refusal = refusalOf(command(asked), run.state.operator, run.facts());
      if (refusal !== null) throw new Error(refusal);
    },
  });
}
