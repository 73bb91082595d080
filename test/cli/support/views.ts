import type { RunView } from '../../../client.js';
import type { RunEvent, RunEventBody } from '../../../domain/events.js';
import type { RunStatus, TrainingProgress } from '../../../domain/status.js';

export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

export const events = (...bodies: RunEventBody[]): RunEvent[] =>
  bodies.map((body, index) => ({ ...body, sequence: index + 1, at: NOW - 60_000 + index * 1000 }));

export const status = (changes: Partial<RunStatus> = {}): RunStatus => ({
  run: 'demo',
  startedAt: NOW - 72_000,
  stage: 'phase:p1',
  stagesDone: ['preflight', 'data', 'infrastructure'],
  phases: [
    { name: 'p1', steps: 360, globalBatch: 128 },
    { name: 'p2', steps: 40, globalBatch: 64 },
  ],
  phase: 'p1',
  attempt: 1,
  jobName: 'demo-p1-a001',
  head: null,
  outcome: null,
  because: null,
  events: [],
  ...changes,
});

export const progress = (changes: Partial<TrainingProgress> = {}): TrainingProgress => ({
  jobName: 'demo-p1-a001',
  jobStatus: 'Running',
  incarnation: '20261123T115900000Z-00000000',
  state: 'training',
  step: 143,
  totalSteps: 360,
  lossMlm: 6.4123,
  sequencesPerSecond: 1280,
  checkpointStep: 120,
  checkpointAt: NOW - 3000,
  at: NOW - 1000,
  ...changes,
});

export const runView = (changes: Partial<RunView> = {}): RunView => ({
  run: 'demo',
  state: 'running',
  startedAt: new Date(NOW - 72_000),
  endedAt: null,
  status: status(),
  progress: progress(),
  workerRuns: true,
  ...changes,
});

export const checkpoint = (step: number) => ({
  phase: 'p1',
  attempt: 'a001',
  incarnation: '20261123T115900000Z-00000000',
  step,
  path: `runs/demo/p1/attempts/a001/20261123T115900000Z-00000000/checkpoints/step-${String(step).padStart(9, '0')}`,
  sampleHash: 'ab',
  at: new Date(NOW - 20_000).toISOString(),
});
