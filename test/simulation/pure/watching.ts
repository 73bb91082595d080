import { type ControlChange, carriedOver, changeControl, intervalToTell, renewed } from '../../../domain/control.js';
import type { EndedByUs } from '../../../domain/endings/evidence.js';
import type { EndStatus } from '../../../domain/proof.js';
import { isNotice, nextGlanceSeconds, nextPollSeconds } from '../../../domain/watch/cadence.js';
import type { WatchVerdict } from '../../../domain/watch/judge.js';
import { deadlineOf } from './clusters.js';
import { flush } from './journal.js';
import { affordable, mustRenew, tellSpent, toTellAtSeconds } from './money.js';
import type { Context, Open } from './state.js';

/** How a watch ends: the job did, or something wants it to. */
export type Watched =
  { readonly kind: 'ended'; readonly status: EndStatus } | { readonly kind: 'stop'; readonly by: EndedByUs };

/** Look after look, until the job ends or has to. */
export function watch(context: Context, open: Open): Watched {
  const { state, config, world } = context;
  for (;;) {
    const verdict = lookOnce(context, open);
    if (verdict.kind === 'ENDED') return { kind: 'ended', status: verdict.status };
    flush(context);
    const by = reasonToStop(context, verdict);
    if (by !== null) return { kind: 'stop', by };
    if (verdict.kind === 'ALIVE' && verdict.due?.do === 'request-checkpoint') change(context, { checkpoint: true });
    if (mustRenew(context)) state.control = renewed(state.control, world.now);
    change(context, intervalToTell(state.control, config, state.operator.interval));
    tell(context, open);
    rest(context, open);
  }
}

/** Until the next look; a trainer that may give notice is glanced at meanwhile, by its heartbeat alone. */
function rest({ state, config, worker, calls, world }: Context, open: Open): void {
  const { watch } = state;
  const { pollSeconds } = config.watch;
  const pause = nextPollSeconds(watch, pollSeconds);
  const nap = nextGlanceSeconds(watch, world.now, pollSeconds);
  if (nap === null) return worker.sleep(pause);
  worker.doze(pause, nap, () => {
    const beat = calls.glance(open.jobName);
    return beat !== null && isNotice(watch.heartbeat, beat);
  });
}

/** One look, and what it adds to the memory. */
export function lookOnce(context: Context, open: Open): WatchVerdict {
  const { state, config, worker, calls, world, decisions } = context;
  const { interval } = state.operator;
  const limits = decisions.watchRules(config, interval, affordable(context), null, deadlineOf(context, open));
  const rules = { ...limits, tellAtSeconds: toTellAtSeconds(context) };
  const sighting = worker.call('look', () => calls.look(open.jobName));
  const { memory, verdict } = decisions.judge(state.watch, sighting, rules);
  const beganAnew = memory.restarts > state.watch.restarts;
  if (beganAnew) state.control = carriedOver(state.control, world.now);
  state.watch = memory;
  tellSpent(context);
  return verdict;
}

/** The run's end goes before an operator's wish, and both before a limit. */
function reasonToStop({ state }: Context, verdict: WatchVerdict): EndedByUs | null {
  const { canceled, paused, recoverNow } = state.operator;
  if (canceled !== null) return { for: 'run-end' };
  if (paused !== null) return { for: 'operator', command: 'pause' };
  if (recoverNow) return { for: 'operator', command: 'recover-now' };
  if (verdict.kind !== 'ALIVE' || verdict.due?.do !== 'restart') return null;
  return { for: 'limit', limit: verdict.due.limit, seconds: verdict.due.seconds };
}

export function change({ state, world }: Context, wanted: ControlChange): void {
  state.control = changeControl(state.control, wanted, world.now);
}

/** Writes control.json where there is anything to say; calls leave out what is acknowledged. */
export function tell({ state, worker, calls }: Context, open: Open): void {
  if (state.control.sequence > 1)
    worker.call('control', () => calls.control(open.jobName, state.control, state.watch.meter?.seconds ?? 0));
}
