import { ApplicationFailure } from '@temporalio/common';
import type { ControlActivities } from '../../../activities/index.js';
import { newestFirst } from '../../../domain/checkpoints.js';
import { counts } from '../../../domain/lineage.js';
import { incidentsOf } from '../../../domain/incidents.js';
import { readJournal } from '../../../domain/journal.js';
import { attemptName } from '../../../domain/names.js';
import { summarize } from '../../../domain/summary.js';
import type { FakeAzure } from './azure.js';
import { evidenceOf } from './evidence.js';

type ResultActivities = Pick<
  ControlActivities,
  'findCheckpoint' | 'collectEvidence' | 'measureAttempt' | 'record' | 'registerModel' | 'nodesGone' | 'writeReport'
>;

/** What is read and written after a job has ended. */
export const resultActivities = (azure: FakeAzure): ResultActivities => ({
  findCheckpoint({ phase, lineage, below }) {
    const counting = azure.checkpoints.filter(
      (found) => found.phase === phase && counts(lineage, found) && found.step < (below ?? Infinity),
    );
    const refused = (path: string) => azure.damaged.find((one) => one.path === path);
    const rejected = newestFirst(counting).flatMap(({ path }) => refused(path) ?? []);
    const checkpoint = newestFirst(counting).find(({ path }) => refused(path) === undefined) ?? null;
    return Promise.resolve({ checkpoint, rejected, quarantined: [] });
  },

  collectEvidence({ jobName, status, endedByUs }) {
    const job = azure.jobs.get(jobName);
    if (job === undefined) throw ApplicationFailure.nonRetryable(`no job ${jobName}`);
    const evidence = evidenceOf(job, { status, endedByUs });
    return Promise.resolve({ nodesFrom: null, nodesUntil: null, evidence });
  },

  measureAttempt({ phase, attempt }) {
    const name = attemptName(attempt);
    const saved = azure.checkpoints.filter((one) => one.phase === phase && one.attempt === name);
    const lastStep = saved.at(-1)?.step ?? null;
    const loss = lastStep === null ? null : 6.5;
    const unmeasured = { firstStep: null, trainingFrom: null, keptUntil: null, trainedUntil: null };
    const measured = { lastStep, lossFirst: loss, lossLast: loss, checkpointsWritten: saved.length };
    return Promise.resolve({ progress: { ...unmeasured, ...measured }, curveMissing: null });
  },

  record({ entries }) {
    azure.journal.push(...entries);
    return Promise.resolve();
  },

  registerModel: ({ name, checkpoint }) =>
    Promise.resolve({ name, version: checkpoint.sampleHash.slice(0, 12), path: checkpoint.path }),

  nodesGone({ cluster }) {
    if (azure.alive().length > 0 || azure.nodesStay-- > 0)
      throw ApplicationFailure.retryable(`cluster ${cluster} still holds nodes`, 'NodesStillThere');
    azure.emptied.push(cluster);
    return Promise.resolve();
  },

  /** The report as the real activity makes it, from the journal. */
  writeReport({ place, ...facts }) {
    const { attempts, events } = readJournal(azure.journal.map((entry) => JSON.stringify(entry)).join('\n'));
    azure.report = summarize({
      ...facts,
      run: place.run,
      attempts,
      incidents: incidentsOf(events),
      events,
      evaluations: {},
      clusterNodesLeft: null,
    });
    return Promise.resolve(azure.report);
  },
});
