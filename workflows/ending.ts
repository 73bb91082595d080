import { isCancellation } from '@temporalio/workflow';
import type { ClusterConfig } from '../domain/clusters.js';
import type { RunOutcome } from '../domain/events.js';
import type { RunReport } from '../domain/report.js';
import { summarize } from '../domain/summary.js';
import { ownClusters } from './clusters.js';
import { sawNothing } from './look.js';
import { azureCall, scaleDownProof } from './proxies.js';
import { reasonOf } from './reason.js';
import { incidentsOf } from '../domain/incidents.js';
import type { EndStatus } from '../domain/proof.js';
import { settle } from './settle.js';
import { proveEnded } from './bring-to-end.js';
import type { OpenAttempt } from './run-state.js';
import type { Run } from './state.js';
import { untilTold } from './webhook.js';

/** How long past their idle time nodes may take to leave before the report says that they had not. */
const SCALE_DOWN_GRACE_SECONDS = 120;

/**
 * Stops what the run still has: cancels the open job and waits until Azure says that it ended, proves that no job of the run is alive,
 * and where the run made the cluster waits for its nodes to leave.
 * @returns what was proven, in words
 */
export async function stopEverything(run: Run): Promise<string> {
  const { place, state } = run;
  const ended: string[] = [];
  const { open } = state;
  if (open !== null) {
    // Who takes the run up, should this workflow be lost now, must know whose cancel it is; the job waits for no storage.
    const told = run.flush().catch(() => undefined);
    const status = await proveEnded(run, open.jobName);
    await told;
    ended.push(proven(open.jobName, status));
    await settleCanceled(run, open, status);
  }
  for (const jobName of await azureCall.jobsAlive({ place, chain: run.chain })) {
    ended.push(proven(jobName, await proveEnded(run, jobName)));
  }
  const jobs = ended.length === 0 ? 'no job of the run is alive' : ended.join(', ');
  const gone: string[] = [];
  for (const cluster of ownClusters(run)) gone.push(await proveNodesGone(run, cluster));
  return [jobs, ...gone].join(', ');
}

const proven = (jobName: string, status: EndStatus) =>
  status === 'Canceled' ? `${jobName} canceled and proven ended` : `${jobName} proven ended (${status})`;

/**
 * Writes the report and the last event. By now the run has its model, or has failed for a reason of its own: what cannot be written any more
 * is said, and changes nothing of that.
 */
export async function finish(run: Run, outcome: RunOutcome, because: string): Promise<RunReport> {
  run.state.outcome = outcome;
  run.state.because = because;
  await flushOrTell(run);
  const facts = reportFacts(run, outcome, because);
  const { place } = run;
  const report = await azureCall.writeReport({ place, ...facts }).catch((error: unknown) => {
    if (!sawNothing(error)) throw error;
    run.state.because = `${because}; its report could not be written: ${reasonOf(error)}`;
    const unread = { attempts: [], incidents: incidentsOf(run.state.events), evaluations: {}, clusterNodesLeft: null };
    return summarize({ ...facts, ...unread, run: place.run, because: run.state.because });
  });
  run.note({ kind: 'run-ended', outcome, because: run.state.because });
  await flushOrTell(run);
  await untilTold(run);
  await flushOrTell(run);
  return report;
}

function reportFacts(run: Run, outcome: RunOutcome, because: string) {
  const { config, state } = run;
  const heads = Object.fromEntries(config.phases.map(({ name }) => [name, run.phase(name).head]));
  const { startedAt, currency, pricePerNodeHour, model } = state;
  const dataset = state.dataset === null ? null : { name: state.dataset.name, contentId: state.dataset.contentId };
  const endedAt = Date.now();
  const prices = { currency, pricePerNodeHour, dedicatedPricePerNodeHour: state.dedicatedPricePerNodeHour ?? null };
  return { config, outcome, because, startedAt, endedAt, ...prices, heads, model, dataset };
}

async function flushOrTell(run: Run): Promise<void> {
  try {
    await run.flush();
  } catch (error) {
    if (!sawNothing(error)) throw error;
    run.note({ kind: 'alert', phase: '', text: `the journal lacks the last events of the run: ${reasonOf(error)}` });
  }
}

/** An attempt cut short by us is an attempt like any other: it is measured and stands in the report. */
async function settleCanceled(run: Run, open: OpenAttempt, status: EndStatus): Promise<void> {
  const phase = run.config.phases.find(({ name }) => name === open.phase);
  if (phase === undefined) return;
  const { head } = await settle(run, phase, open, { status, endedByUs: { for: 'run-end' } });
  run.state.phases[phase.name] = { ...run.phase(phase.name), head };
}

async function proveNodesGone(run: Run, { name, idleSecondsBeforeScaleDown }: ClusterConfig): Promise<string> {
  const { nodesGone } = scaleDownProof(idleSecondsBeforeScaleDown + SCALE_DOWN_GRACE_SECONDS);
  try {
    await nodesGone({ place: run.place, cluster: name });
    return `cluster ${name} holds no node`;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return `cluster ${name} still held nodes ${SCALE_DOWN_GRACE_SECONDS} s past its idle time: look at it`;
  }
}
