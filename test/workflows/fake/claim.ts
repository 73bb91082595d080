import { ApplicationFailure } from '@temporalio/common';
import type { ControlActivities } from '../../../activities/index.js';
import type { Claim } from '../../../activities/preflight.js';
import type { RunConfig } from '../../../domain/config.js';
import { jobName } from '../../../domain/names.js';
import { type Past, pastFrom } from '../../../domain/past.js';
import { type UnsettledAttempt, resumedFromOf, unsettledAttempt } from '../../../domain/unsettled.js';
import type { FakeAzure } from './azure.js';

/** Takes the run's name, and where it is taken up tells of its past as the real one does: from journal and jobs. */
export function claimRun(
  azure: FakeAzure,
  { place, config, chain, continueRun }: Parameters<ControlActivities['claimRun']>[0],
): Claim {
  const { chains } = azure;
  const taken = chains.length > 0 && !chains.includes(chain);
  if (taken && !continueRun)
    throw ApplicationFailure.nonRetryable(`a run named "${place.run}" exists already`, 'RunNameTaken');
  if (!chains.includes(chain)) chains.push(chain);
  const before = chains.slice(0, chains.indexOf(chain));
  return before.length === 0 ? { past: numbered(azure, config) } : takenUp(azure, config, place.run, before);
}

/** Refused as the real activities do it, by the newest chain of the run. */
export function refuseIfTakenOver({ chains }: FakeAzure, chain: string): void {
  if (chains.at(-1) !== chain)
    throw ApplicationFailure.nonRetryable('the run was taken up by another workflow', 'RunTakenOver');
}

function numbered(azure: FakeAzure, config: RunConfig): Record<string, { attempts: number }> {
  const attemptsOf = (phase: string) => [...azure.jobs.values()].filter((job) => job.request.phase === phase).length;
  return Object.fromEntries(config.phases.map(({ name }) => [name, { attempts: attemptsOf(name) }]));
}

function takenUp(azure: FakeAzure, config: RunConfig, run: string, chains: readonly string[]): Claim {
  const past = pastFrom(config, azure.journal, chains);
  const attempts = numbered(azure, config);
  const counts = Object.fromEntries(Object.entries(attempts).map(([name, phase]) => [name, phase.attempts]));
  const unsettled = unsettledAttempt(config, past, counts);
  const open = unsettled === null ? null : openJob(azure, run, past, unsettled);
  const phases = Object.entries(past.phases).map(([key, state]) => [
    key,
    { ...state, ...attempts[key], ...(open === null ? { head: null, done: false } : {}) },
  ]);
  const { operator, startedAt, budgetTold } = past;
  return { past: Object.fromEntries(phases) as Claim['past'], open, operator, startedAt, budgetTold };
}

function openJob(azure: FakeAzure, run: string, past: Past, unsettled: UnsettledAttempt): Claim['open'] & object {
  const { phase, attempt, submitted } = unsettled;
  const name = jobName(run, phase, attempt);
  const { resumeFrom, dataFolder } = azure.jobs.get(name)?.request ?? {};
  return {
    ...{ phase, attempt, jobName: name, dataFolder: dataFolder ?? null, told: { sequence: 0, checkpointNow: 0 } },
    submittedAt: submitted?.at ?? Date.now(),
    resumedFrom: resumedFromOf(past, unsettled, resumeFrom),
    stopping: submitted?.stopping ?? null,
  };
}
