import { ApplicationFailure } from '@temporalio/common';
import type { RunConfig } from '../domain/config.js';
import { runRecordPath } from '../domain/paths.js';
import { type Deps, type Place, storeOf } from './deps.js';

/** run.json: whose a run's name is. */
export interface RunRecord {
  readonly format: 'bertha-run/1';
  readonly run: string;
  /** First execution run id of every workflow chain that worked on this run, newest last. */
  readonly chains: readonly string[];
  readonly spec: string;
  readonly config: RunConfig;
}

/** The record of a run; null where there is none, or one that is not whole. */
export async function readRunRecord(deps: Deps, place: Place): Promise<RunRecord | null> {
  return (await storeOf(deps, place).json(runRecordPath(place.run))) as RunRecord | null;
}

/**
 * Asked before a job is submitted, told something or ended. A run may be taken up elsewhere while the workflow before it lives on, behind a network that came
 * back for example: the newest chain of run.json acts, every other one ends and touches nothing.
 * @param chain undefined in an activity that an older release scheduled
 * @returns the record; null where there is none
 * @throws a final failure `RunTakenOver`
 */
export async function refuseIfTakenOver(
  deps: Deps,
  place: Place,
  chain: string | undefined,
): Promise<RunRecord | null> {
  const record = await readRunRecord(deps, place);
  const newest = record?.chains.at(-1);
  if (newest === undefined || chain === undefined || newest === chain) return record;
  const path = `${place.storage.container}/${runRecordPath(place.run)}`;
  throw ApplicationFailure.nonRetryable(
    `run "${place.run}" was taken up by another workflow (${newest} in ${path}); this one (${chain}) ends and leaves its job alone`,
    'RunTakenOver',
  );
}

/** True where the tags of a job or cluster name this run and one of its workflow chains: a run that is continued keeps what it made. */
export async function ownership(
  deps: Deps,
  place: Place,
): Promise<(tags: Readonly<Record<string, string>>) => boolean> {
  const record = await readRunRecord(deps, place);
  return (tags) => tags['bertha.run'] === place.run && record?.chains.includes(tags['bertha.chain'] ?? '') === true;
}
