import { type ClusterConfig, clusterNamed } from '../domain/clusters.js';
import { sawNothing } from './look.js';
import { azureCall } from './proxies.js';
import { reasonOf } from './reason.js';
import type { Run } from './state.js';
import { holdForPerson } from './waiting.js';

/**
 * Datastore, cluster, environment and code, each made where there is none. Where a job that trains was adopted it needs none of them any more:
 * a failure for good is told, the job goes on being watched, and the next submission makes sure (`sureOfInfrastructure`).
 * @returns a summary in words
 */
export async function makeInfrastructure(run: Run): Promise<string> {
  const { open } = run.state;
  if (open === null) return ensureAll(run);
  try {
    const summary = await ensureAll(run);
    // Whether the run made the cluster of a job that it took up nobody remembers.
    const cluster = clusterNamed(run.config, open.cluster);
    if (cluster.name !== run.config.cluster.name) await ensureAlternative(run, cluster);
    return summary;
  } catch (error) {
    if (!sawNothing(error)) throw error;
    const later = `${reasonOf(error)}; job ${open.jobName} trains on, and before another is submitted this must be in order`;
    run.note({ kind: 'alert', phase: open.phase, text: later });
    await run.flush();
    return `left for later: ${reasonOf(error)}`;
  }
}

/** Before a submission: what was left for later, or had to be deleted, is made now; with a person's help where it fails for good. */
export async function sureOfInfrastructure(run: Run, phase: string): Promise<void> {
  while (run.state.codeId === null || run.state.clusterGone === true) await orHold(run, phase, ensureAll(run));
}

/** The same for a cluster that is not the config's own: it is made when a job first goes there. */
export async function sureOfCluster(run: Run, phase: string, cluster: ClusterConfig): Promise<void> {
  if (cluster.name === run.config.cluster.name) return;
  while (run.state.alternatives?.[cluster.name]?.isThere !== true)
    await orHold(run, phase, ensureAlternative(run, cluster));
}

async function orHold(run: Run, phase: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!sawNothing(error)) throw error;
    const reason = `the next job cannot be submitted: ${reasonOf(error)}`;
    run.note({ kind: 'held', phase, reason, nextCommand: `bertha resume ${run.place.run}` });
    await holdForPerson(run, reason);
  }
}

async function ensureAlternative(run: Run, cluster: ClusterConfig): Promise<void> {
  const { place, chain, state } = run;
  const { ours } = await azureCall.ensureCluster({ place, cluster, region: state.region ?? '', chain });
  state.alternatives = { ...state.alternatives, [cluster.name]: { ours, isThere: true } };
}

async function ensureAll(run: Run): Promise<string> {
  const { place, config, chain, state } = run;
  const region = state.region ?? '';
  const reads = state.dataset === null ? {} : { reads: `${state.dataset.folder}/manifest.json` };
  const ensuringStorage = azureCall.ensureStorage({ place, ...reads });
  const ensuringCluster = azureCall.ensureCluster({ place, cluster: config.cluster, region, chain }).then((cluster) => {
    // Known at once, whatever becomes of the others: what is ours must be let go in the end.
    state.ownsCluster = cluster.ours;
    return cluster;
  });
  const [datastore, cluster, environment, code] = await Promise.all([
    ensuringStorage,
    ensuringCluster,
    azureCall.ensureEnvironment({ place, environment: config.environment }),
    azureCall.ensureCode({ place, folder: config.trainer.code }),
  ]);
  Object.assign(state, { codeId: code.id, environmentId: environment.id, clusterGone: false });
  await run.flush();
  return (
    `datastore ${place.storage.datastore} ${datastore}, cluster ${config.cluster.name} ${cluster.created ? 'created' : 'existing'}, ` +
    `code ${code.version} ${code.reused ? 'reused' : 'uploaded'}`
  );
}
