import { ActivityFailure, CancellationScope, condition } from '@temporalio/workflow';
import type { WatchResult } from '../activities/watch.js';
import type { AutoInterval } from '../domain/interval/of-run.js';
import { watchRules } from '../domain/watch/limits.js';
import { continueRunAsNew } from './continue.js';
import { clusterNamed } from '../domain/clusters.js';
import { deadlineOf } from './clusters.js';
import { affordableSeconds, segmentSeconds, tellSpent, toTellAtSeconds } from './money.js';
import { azureCall, watchTrainingJob } from './proxies.js';
import { reasonOf } from './reason.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';
import { isTakenOver } from './taken-over.js';
import { tellAnew } from './tell.js';
import { pauseFor } from './waiting.js';

/** Long enough for a person or Azure to change something, short enough not to miss much. */
const BLIND_PAUSE_SECONDS = 300;

/** A segment of the watch. A look that fails for good says nothing about the job: it is left alone, and looked at again later. */
export async function lookOrWait(run: Run, open: OpenAttempt): Promise<WatchResult | 'message'> {
  try {
    return await look(run, open, segmentSeconds(run, open));
  } catch (error) {
    if (!sawNothing(error)) throw error;
    run.note({ kind: 'watch-blind', jobName: open.jobName, reason: reasonOf(error) });
    await run.flush();
    await pauseFor(run, BLIND_PAUSE_SECONDS);
    // Where this goes on for weeks nothing else keeps the history short.
    return continueRunAsNew(run);
  }
}

/** Whether it was the look that failed, and nobody who cut it short. */
export const sawNothing = (error: unknown): boolean =>
  error instanceof ActivityFailure && !isTakenOver(error) && !CancellationScope.current().consideredCancelled;

/** Watches for so long, or until there is something to tell. A message cuts it short; what was seen by then is kept. */
export async function look(run: Run, open: OpenAttempt, segmentSeconds: number): Promise<WatchResult | 'message'> {
  const before = run.commands;
  const scope = new CancellationScope();
  const seen = await scope.run(async () => {
    const { pollSeconds } = run.config.watch;
    const summary = `${open.jobName}: a look every ${pollSeconds} s, for ${Math.round(segmentSeconds)} s at most`;
    const watching = watchTrainingJob(pollSeconds, summary).watchJob(requestOf(run, open, segmentSeconds));
    const message = condition(() => run.commands !== before).then(() => 'message' as const);
    for (const one of [watching, message]) one.catch(() => undefined);
    const first = await Promise.race([watching, message]);
    if (first === 'message') await rememberLastLook(run, open);
    scope.cancel();
    return first;
  });
  if (seen !== 'message') remember(run, open, seen);
  tellSpent(run);
  return seen;
}

function requestOf(run: Run, open: OpenAttempt, segmentSeconds: number) {
  const { place, config, state } = run;
  const { phase, attempt, jobName, watch: memory, control } = open;
  const affordable = affordableSeconds(run, clusterNamed(config, open.cluster));
  const limits = watchRules(config, state.operator.interval, affordable, open.intervalSeconds, deadlineOf(run, open));
  const rules = { ...limits, tellAtSeconds: toTellAtSeconds(run) };
  return {
    place,
    chain: run.chain,
    phase,
    attempt,
    jobName,
    rules,
    memory,
    control,
    segmentSeconds,
    ...auto(run, open),
  };
}

/** An operator's interval goes before one that the watch would choose. */
function auto({ config, state }: Run, { intervalSeconds, cluster }: OpenAttempt): { auto?: AutoInterval } {
  if (intervalSeconds === undefined || state.operator.interval !== null) return {};
  const { nodes, priority } = clusterNamed(config, cluster);
  return { auto: { nodes, priority, measured: state.measured, seconds: intervalSeconds } };
}

/** The clocks of all limits would begin anew with every message if what the watch saw were lost with it. */
async function rememberLastLook(run: Run, open: OpenAttempt): Promise<void> {
  const { place } = run;
  open.watch = (await azureCall.lastLook({ place, jobName: open.jobName })) ?? open.watch;
}

function remember(run: Run, open: OpenAttempt, seen: WatchResult): void {
  open.watch = seen.memory;
  for (const alert of seen.alerts) run.note({ kind: 'watch-alert', jobName: open.jobName, alert });
  if (seen.alerts.some(({ kind }) => kind === 'restarted-in-place')) tellAnew(open);
}
