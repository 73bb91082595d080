import type { RunState, RunView } from '../../client.js';
import { type StageName, stageTitle } from '../../domain/events.js';
import type { RunStatus, TrainingProgress } from '../../domain/status.js';
import { doingOf } from './doing.js';

export type Mark = 'done' | 'running' | 'waiting' | 'failed' | 'canceled';

export interface StageLine {
  readonly title: string;
  readonly mark: Mark;
}

export interface PhaseLine {
  readonly name: string;
  readonly mark: Mark;
  readonly step: number;
  readonly steps: number;
  readonly loss: number | null;
  readonly sequencesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly checkpointStep: number | null;
  /** Seconds since the newest checkpoint was written. */
  readonly checkpointAge: number | null;
  /** What goes on where it is not plain training: `waiting for nodes`, `saving a checkpoint`. */
  readonly doing: string | null;
}

/** A run as it is shown; every view is a pure function of it. */
export interface RunModel {
  readonly run: string;
  readonly state: RunState;
  readonly elapsed: number;
  readonly stages: readonly StageLine[];
  readonly phases: readonly PhaseLine[];
  readonly jobName: string | null;
  readonly because: string | null;
  readonly workerRuns: boolean;
}

/** What a view must know beside the run's own words. */
export interface ViewFacts {
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @param remembered what was last seen of each phase: a phase between two jobs has no progress of its own */
export function modelOf(
  view: RunView,
  facts: ViewFacts,
  remembered: ReadonlyMap<string, TrainingProgress> = new Map(),
): RunModel {
  const { run, state, status, workerRuns } = view;
  return {
    run,
    state,
    elapsed: ((view.endedAt?.getTime() ?? facts.now) - view.startedAt.getTime()) / 1000,
    stages:
      status === null
        ? []
        : stagesOf(status).map((stage) => ({ title: stageTitle(stage), mark: markOf(stage, status, state) })),
    phases: status === null ? [] : status.phases.map((phase) => phaseLine(phase, view, status, facts, remembered)),
    jobName: status === null ? null : openJob(status),
    because: status?.because ?? null,
    workerRuns,
  };
}

/** The job that was submitted and whose end is not known yet; null where there is none. */
export function openJob({ jobName, events }: RunStatus): string | null {
  const ended = events.some((event) => event.kind === 'attempt-ended' && event.jobName === jobName);
  return ended ? null : jobName;
}

function stagesOf(status: RunStatus): StageName[] {
  return [
    'preflight',
    'data',
    'infrastructure',
    ...status.phases.map(({ name }): StageName => `phase:${name}`),
    'finalize',
  ];
}

function markOf(stage: StageName, status: RunStatus, state: RunState): Mark {
  if (status.stagesDone.includes(stage)) return 'done';
  if (status.stage !== stage) return 'waiting';
  if (state === 'running') return 'running';
  return state === 'canceled' ? 'canceled' : 'failed';
}

function phaseLine(
  phase: RunStatus['phases'][number],
  view: RunView,
  status: RunStatus,
  facts: ViewFacts,
  remembered: ReadonlyMap<string, TrainingProgress>,
): PhaseLine {
  const mark = markOf(`phase:${phase.name}`, status, view.state);
  const current = status.phase === phase.name;
  const fresh = current && view.progress?.jobName === status.jobName ? view.progress : null;
  const known = remembered.get(phase.name) ?? null;
  // A look at a storage that gave no answer says nothing of the trainer: what was seen of this job before still holds.
  const isBlank = fresh?.state === null && known?.jobName === fresh.jobName;
  const seen = fresh === null || isBlank ? known : fresh;
  // Between the end of a job and the next words of the run, what was last seen of that job still holds.
  const betweenJobs = status.jobName === null;
  const ofThisJob = current && (betweenJobs || seen?.jobName === status.jobName) ? seen : null;
  const head = current ? status.head : null;
  const running = mark === 'running';
  const step = mark === 'done' ? phase.steps : (ofThisJob?.step ?? head?.step ?? 0);
  const rate = running && fresh?.state === 'training' ? fresh.sequencesPerSecond : null;
  const checkpointAt = ofThisJob?.checkpointAt ?? (head === null ? null : Date.parse(head.at));
  return {
    name: phase.name,
    mark,
    step,
    steps: phase.steps,
    loss: seen?.lossMlm ?? null,
    sequencesPerSecond: rate,
    secondsLeft: secondsLeft(phase.steps - step, rate, phase.globalBatch),
    checkpointStep: running ? (ofThisJob?.checkpointStep ?? head?.step ?? null) : null,
    checkpointAge: running && checkpointAt !== null ? Math.max(0, (facts.now - checkpointAt) / 1000) : null,
    doing: running ? doingOf(openJob(status), seen, fresh !== null, facts.now) : null,
  };
}

function secondsLeft(steps: number, sequencesPerSecond: number | null, globalBatch: number): number | null {
  if (sequencesPerSecond === null || sequencesPerSecond <= 0) return null;
  return (steps * globalBatch) / sequencesPerSecond;
}
