import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { getCluster } from '../azure/cluster.js';
import { orNull } from '../azure/errors.js';
import { registerModel } from '../azure/assets.js';
import { isTerminal, listJobs } from '../azure/jobs.js';
import type { CheckpointRef } from '../domain/checkpoints.js';
import { incidentsOf } from '../domain/incidents.js';
import { type JournalEntry, readJournal } from '../domain/journal.js';
import { attemptFolder, journalPath, reportPath } from '../domain/paths.js';
import { reportText } from '../domain/report-text.js';
import type { RunReport } from '../domain/report.js';
import { type RunFacts, summarize } from '../domain/summary.js';
import type { Evaluation } from '../domain/trainer.js';
import { type Deps, type Place, datastoreUri, storeOf } from './deps.js';
import { ownership, refuseIfTakenOver } from './run-record.js';
import { readEvaluation } from './trainer.js';

export type ReportRequest = { readonly place: Place } & Omit<
  RunFacts,
  'attempts' | 'incidents' | 'events' | 'evaluations' | 'run' | 'clusterNodesLeft'
>;

export const recordActivities = (deps: Deps) => ({
  /** Appends to the run's journal. A repeated append repeats lines; readers take each once. */
  async record(request: { place: Place; entries: readonly JournalEntry[] }): Promise<void> {
    const lines = request.entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await storeOf(deps, request.place).append(journalPath(request.place.run), lines);
  },

  /** Registers the trained model under a version made from its checkpoint. Idempotent. */
  async registerModel(request: {
    place: Place;
    name: string;
    checkpoint: CheckpointRef;
  }): Promise<{ name: string; version: string; path: string }> {
    const { place, name, checkpoint } = request;
    const version = checkpoint.sampleHash.slice(0, 12);
    const tags = { 'bertha.run': place.run, 'bertha.phase': checkpoint.phase, 'bertha.step': String(checkpoint.step) };
    await registerModel(deps.connection(place.azure), {
      name,
      version,
      uri: datastoreUri(place, checkpoint.path),
      tags,
    });
    return { name, version, path: checkpoint.path };
  },

  /**
   * Proves that no job of the run is alive. @returns names of jobs that still are; empty is the proof
   * @throws a final failure where another workflow has taken the run up: what is alive is its business
   */
  async jobsAlive(request: { place: Place; chain: string }): Promise<string[]> {
    const { place, chain } = request;
    await refuseIfTakenOver(deps, place, chain);
    const isOurs = await ownership(deps, place);
    const jobs = await listJobs(deps.connection(place.azure), 'bertha.run');
    const ours = jobs.filter((job) => isOurs(job.tags));
    return ours.filter((job) => !isTerminal(job.status)).map((job) => job.name);
  },

  /** Returns when a cluster holds no node; throws a BENIGN failure until then. */
  async nodesGone(request: { place: Place; cluster: string }): Promise<void> {
    const cluster = await getCluster(deps.connection(request.place.azure), request.cluster);
    if (cluster === null || cluster.nodes === 0) return;
    const message = `cluster ${request.cluster} still holds ${cluster.nodes} nodes`;
    throw ApplicationFailure.create({ type: 'NodesStillThere', message, category: ApplicationFailureCategory.BENIGN });
  },

  /** Writes report.json and report.md from the journal. Idempotent. */
  async writeReport(request: ReportRequest): Promise<RunReport> {
    const { place, ...facts } = request;
    const store = storeOf(deps, place);
    const { attempts, events } = readJournal((await store.text(journalPath(place.run))) ?? '');
    const evaluations: Record<string, Evaluation | null> = {};
    for (const phase of facts.config.phases) {
      const head = facts.heads[phase.name] ?? null;
      const folder =
        head === null
          ? null
          : `${attemptFolder(place.run, phase.name, Number(head.attempt.slice(1)))}/${head.incarnation}`;
      evaluations[phase.name] = folder === null ? null : await readEvaluation(store, folder);
    }
    const clusters = new Set([facts.config.cluster.name, ...attempts.flatMap(({ cluster }) => cluster ?? [])]);
    const looking = [...clusters].map((name) => orNull(getCluster(deps.connection(place.azure), name)));
    const found = (await Promise.all(looking)).filter((one) => one !== null);
    const report = summarize({
      ...facts,
      run: place.run,
      attempts,
      incidents: incidentsOf(events),
      events,
      evaluations,
      clusterNodesLeft: found.length === 0 ? null : found.reduce((sum, { nodes }) => sum + nodes, 0),
    });
    await store.write(reportPath(place.run, 'json'), JSON.stringify(report, null, 2));
    await store.write(reportPath(place.run, 'md'), reportText(report));
    return report;
  },
});
