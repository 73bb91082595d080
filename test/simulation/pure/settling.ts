import type { AttemptRecord } from '../../../domain/attempts.js';
import { attemptName } from '../../../domain/names.js';
import type { EndStatus } from '../../../domain/proof.js';
import type { Decision } from '../../../domain/recovery.js';
import type { WatchMemory } from '../../../domain/watch/memory.js';
import { heldUntil } from './clusters.js';
import { flush, keep } from './journal.js';
import { PRICE } from './money.js';
import type { Context, Open } from './state.js';

/** After an attempt: which checkpoint counts now, how it ended and why, what comes next; recorded, and tidied up behind. */
export function settle(context: Context, open: Open, status: EndStatus): Decision {
  const { state, config, worker, calls, listener, world, decisions } = context;
  const before = state.phase;
  const { lineage } = before;
  const seenEndAt = world.now;
  let climbedAt = 0;
  const climb = (below: number | null, refused: string | null) =>
    worker.call('ladder', () => {
      climbedAt = world.now;
      return calls.findCheckpoint(lineage, below, refused);
    });
  const found = climb(null, null);
  const final = found.checkpoint?.step === config.phases[0]?.steps;
  const collected = worker.call('evidence', () => calls.evidence(open.jobName, status, open.ending, final));
  const verdict = decisions.classifyEnding(collected);
  const below = decisions.fallbackBelow(before, verdict, open.resumedFrom);
  const { checkpoint: head, rejected } =
    below === null
      ? found
      : climb(below, verdict.ending === 'bad-checkpoint' ? (open.resumedFrom?.path ?? null) : null);
  const keptStep = head?.attempt === attemptName(open.attempt) ? head.step : null;
  const measured = timeOf(open, seenEndAt, calls.measure(open.jobName), state.watch);
  const record = { ...measured, ...verdict, keptStep, head, rejectedCheckpoints: rejected };
  const decision = decisions.decide(config, before, record, head);
  const attempt = { attempt: attemptName(open.attempt), upTo: keptStep ?? 0 };
  const { resumedFrom } = open;
  state.phase = { ...decision.phase, lineage: decisions.extendLineage(lineage, { attempt, resumedFrom, head }) };
  state.decision = decision;
  state.heldUntil = heldUntil(context, record);
  state.open = null;
  if (open.ending?.for === 'operator') state.operator = { ...state.operator, recoverNow: false };
  const warned = state.watch.warned && open.ending === null;
  listener.settled(record, { below, climbedAt, phase: state.phase, warned });
  keep(context, record);
  flush(context);
  return decision;
}

type Timed = Omit<AttemptRecord, 'ending' | 'because' | 'keptStep' | 'rejectedCheckpoints'>;

/** Losses are of no matter to a decision, and times to the ledger alone. */
function timeOf(
  { attempt, jobName, submittedAt, resumedFrom, cluster }: Open,
  seenEndAt: number,
  { nodesFrom: told, nodesUntil, starts }: ReturnType<Context['calls']['measure']>,
  { meter, pace }: WatchMemory,
): Timed {
  const metered = meter?.seconds ?? 0;
  const endedAt = Math.max(submittedAt, nodesUntil ?? seenEndAt);
  // What Azure does not tell is paid for all the same.
  const nodesFrom = told ?? (metered > 0 ? endedAt - metered * 1000 : null);
  return {
    ...{ phase: 'p1', attempt, jobName, resumedFrom, submittedAt, nodesFrom, endedAt, seenEndAt, nodes: 2 },
    ...{ pricePerNodeHour: PRICE, cluster, pace },
    ...{
      firstStep: null,
      lastStep: null,
      trainingFrom: null,
      keptUntil: null,
      trainedUntil: null,
      starts: starts ?? [],
    },
    ...{ lossFirst: null, lossLast: null, checkpointsWritten: 0 },
  };
}
