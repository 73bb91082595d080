import type { Claim } from '../activities/preflight.js';
import { controlAfter, newControl } from '../domain/control.js';
import { takenUp } from '../domain/goodput/running.js';
import { clusterNamed } from '../domain/clusters.js';
import { intervalToBegin } from '../domain/interval/of-run.js';
import { newWatch } from '../domain/watch/memory.js';
import { azureCall } from './proxies.js';
import type { Run } from './state.js';
import { leased } from './money.js';
import { proveEnded } from './bring-to-end.js';

/**
 * Takes over what earlier workflows of the run left: counts and budgets, what operators asked for, and the job that nobody saw the end of,
 * which is watched like one of our own. Any other job of the run that lives is ended: there is one at a time.
 */
export async function takeUp(run: Run, claim: Claim): Promise<void> {
  const { past, open, operator, startedAt, ledger, measured, budgetTold } = claim;
  const { place, chain, config, state } = run;
  for (const { name } of config.phases) state.phases[name] = { ...run.phase(name), ...past[name] };
  const isFirst = open === undefined;
  if (isFirst) return;
  if (operator !== undefined) run.takeOver(operator);
  if (ledger !== undefined && ledger !== null) state.ledger = takenUp(ledger, state.ledger);
  if (measured !== undefined) state.measured = measured;
  state.budgetTold = budgetTold ?? null;
  state.startedAt = Math.min(state.startedAt, startedAt ?? state.startedAt);
  if (open !== null) adopt(run, open);
  for (const jobName of await azureCall.jobsAlive({ place, chain }))
    if (jobName !== open?.jobName) await proveEnded(run, jobName);
}

function adopt(run: Run, open: NonNullable<Claim['open']>): void {
  const { state, config } = run;
  // Claims of earlier releases do not say why the job was to end.
  const { told, dataFolder, stopping = null, ...attempt } = open;
  const cluster = clusterNamed(config, attempt.cluster);
  state.lastCluster = cluster.name;
  const control = told.sequence > 0 ? controlAfter(told, Date.now()) : newControl(attempt.submittedAt);
  // How long it has held nodes is not known: all of its life is counted.
  const at = Date.now();
  const meter = { seconds: Math.max(0, at - attempt.submittedAt) / 1000, at, runs: true };
  // What it began with stands in its parameters alone; what is in force it says in its heartbeat.
  const interval = intervalToBegin({ ...config, cluster }, state.measured);
  const chosen = interval === null ? {} : { intervalSeconds: interval.seconds };
  state.open = {
    ...attempt,
    ...chosen,
    control: leased(run, control, cluster),
    watch: { ...newWatch(), meter },
    stopping,
  };
  const contentId = dataFolder?.split('/').at(-1);
  const isThisDataset = dataFolder?.startsWith(`data/${config.data.name}/`) === true;
  if (isThisDataset && contentId !== undefined) {
    // What it reads was verified before it was submitted; to do so again would leave it unwatched for as long as that takes.
    state.dataset = { name: config.data.name, contentId, folder: dataFolder ?? '' };
    state.stagesDone = [...state.stagesDone, 'data'];
  }
  const { phase, jobName, resumedFrom } = attempt;
  run.note({ kind: 'job-submitted', phase, jobName, resumeStep: resumedFrom?.step ?? null, adopted: true });
}
