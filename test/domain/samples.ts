import type { AttemptRecord } from '../../domain/attempts.js';
import type { CheckpointRef } from '../../domain/checkpoints.js';
import { type RunConfig, runConfigSchema } from '../../domain/config.js';
import type { JobEvidence } from '../../domain/endings/evidence.js';

/** A small config as a person writes it: two phases, two nodes, everything with a default left out. */
export const written = () => ({
  name: 'demo',
  azure: { subscriptionId: 's-1', resourceGroup: 'group', workspace: 'lab' },
  storage: { account: 'runstore', container: 'bertha', datastore: 'bertha' },
  data: { name: 'enwiki', source: { account: 'sourcestore', container: 'datasets', prefix: 'data/enwiki/0123' } },
  cluster: { name: 'spot', sku: 'Standard_NC4as_T4_v3', nodes: 2, processesPerNode: 1 },
  environment: { name: 'bertha', image: 'docker.io/library/python:3.11', requirements: 'training/requirements.txt' },
  trainer: { recipe: 'none', code: 'training', command: 'python -m bertha_train', parameters: { seed: 42 } },
  phases: [
    { name: 'p1', steps: 360, globalBatch: 128, microBatch: 64 },
    { name: 'p2', steps: 120, globalBatch: 128, microBatch: 16, initFrom: 'p1' },
  ],
  checkpoints: { everySteps: 40 },
  model: { name: 'demo-bert' },
});

export const config = (): RunConfig => runConfigSchema.parse(written());

/** Changes to the sample config; of the sections below, single fields may be named. */
export type ConfigChanges = Partial<Omit<RunConfig, Supervision>> & {
  readonly [section in Supervision]?: Partial<RunConfig[section]>;
};
type Supervision = 'watch' | 'recovery' | 'stopping' | 'checkpoints';

export function configWith(changes: ConfigChanges = {}): RunConfig {
  const { watch, recovery, stopping, checkpoints } = config();
  return {
    ...config(),
    ...changes,
    watch: { ...watch, ...changes.watch },
    recovery: { ...recovery, ...changes.recovery },
    stopping: { ...stopping, ...changes.stopping },
    checkpoints: { ...checkpoints, ...changes.checkpoints },
  };
}

export function checkpoint(step: number, over: Partial<CheckpointRef> = {}): CheckpointRef {
  const { attempt = 'a001', incarnation = '20261123T010000000Z-00000001' } = over;
  const path = `runs/demo/p1/attempts/${attempt}/${incarnation}/checkpoints/step-${String(step).padStart(9, '0')}`;
  return {
    phase: 'p1',
    attempt,
    incarnation,
    step,
    path,
    sampleHash: `hash-${step}`,
    at: '2026-11-23T01:00:00.000Z',
    ...over,
  };
}

/** An attempt of ten minutes that trained from its second to its eighth minute and kept half of that. */
export function attempt(over: Partial<AttemptRecord> = {}): AttemptRecord {
  const minute = 60_000;
  return {
    phase: 'p1',
    attempt: 1,
    jobName: 'demo-p1-a001',
    ending: 'preempted',
    because: 'node 1 preempted',
    resumedFrom: null,
    keptStep: 120,
    submittedAt: 0,
    nodesFrom: minute,
    endedAt: 10 * minute,
    nodes: 2,
    rejectedCheckpoints: [],
    firstStep: 1,
    lastStep: 143,
    trainingFrom: 2 * minute,
    keptUntil: 5 * minute,
    trainedUntil: 8 * minute,
    lossFirst: 7.62,
    lossLast: 6.9,
    checkpointsWritten: 3,
    ...over,
  };
}

/** What is known of a job that failed, started training and said nothing else. */
export function evidence(over: Partial<JobEvidence> = {}): JobEvidence {
  return {
    jobName: 'demo-p1-a001',
    status: 'Failed',
    errorCode: null,
    errorMessage: null,
    warnings: [],
    preemptedNodes: [],
    trainerStarted: true,
    lastWords: null,
    endedByUs: null,
    finalCheckpointVerified: false,
    ...over,
  };
}
