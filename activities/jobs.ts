import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type JobInput, type JobSpec, getJob, putJob } from '../azure/jobs.js';
import type { RunConfig } from '../domain/config.js';
import { attemptName, contentHash, jobName } from '../domain/names.js';
import { attemptFolder, trainerConfigPath } from '../domain/paths.js';
import { type Deps, type Place, datastoreUri, storeOf } from './deps.js';
import { refuseIfTakenOver } from './run-record.js';

export interface SubmitRequest {
  readonly place: Place;
  readonly chain: string;
  readonly phase: string;
  readonly attempt: number;
  readonly trainer: RunConfig['trainer'];
  /** What the trainer is told by --config (`domain/trainer-config.ts`). */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly cluster: RunConfig['cluster'];
  readonly codeId: string;
  readonly environmentId: string;
  readonly dataFolder: string;
  readonly resumeFrom: string | null;
  readonly initFrom: string | null;
  /** The budget pays for so much of its nodes; absent or null: for as long as it takes. */
  readonly affordableSeconds?: number | null;
}

export interface Submitted {
  readonly jobName: string;
  /** True where the job was there already and is ours: a retry after a lost answer. */
  readonly adopted: boolean;
}

export const jobActivities = (deps: Deps) => ({
  /**
   * Submits the job of an attempt, once under every fault: look, PUT if absent, and where the name exists compare our tags.
   * Before the PUT its parameters are written where the job reads them.
   * @throws a final failure where the name belongs to another run or spec, or another workflow has taken the run up
   */
  async submitJob(request: SubmitRequest): Promise<Submitted> {
    const azure = deps.connection(request.place.azure);
    const record = await refuseIfTakenOver(deps, request.place, request.chain);
    const spec = jobSpec(request);
    const before = await getJob(azure, spec.name, cancellationSignal());
    if (before === null) await writeParameters(deps, request);
    // Not to be aborted: a PUT that was given up may still arrive, after everyone has looked for live jobs.
    const created = before === null && (await putJob(azure, spec)) === 'created';
    if (created) return { jobName: spec.name, adopted: false };
    const there = before ?? (await getJob(azure, spec.name));
    if (there === null)
      throw ApplicationFailure.retryable(`job ${spec.name} was said to exist and cannot be read`, 'JobUnreadable');
    // A workflow of this run that was lost may have submitted it as its last act.
    const isEarlierChain = record?.chains.includes(there.tags['bertha.chain'] ?? '') === true;
    const differing = Object.entries(spec.tags).filter(
      ([tag, value]) => there.tags[tag] !== value && !(tag === 'bertha.chain' && isEarlierChain),
    );
    if (differing.length === 0) return { jobName: spec.name, adopted: true };
    const names = differing.map(([tag]) => tag).join(', ');
    throw ApplicationFailure.nonRetryable(
      `job ${spec.name} exists and is not of this run (${names} differ); choose another run name`,
      'JobIsNotOurs',
    );
  },
});

async function writeParameters(deps: Deps, { place, phase, attempt, parameters }: SubmitRequest): Promise<void> {
  await storeOf(deps, place).write(trainerConfigPath(place.run, phase, attempt), JSON.stringify(parameters, null, 2));
}

function jobSpec(request: SubmitRequest): JobSpec {
  const { place, phase, attempt, trainer, cluster } = request;
  const name = jobName(place.run, phase, attempt);
  const folder = (path: string): JobInput => ({ kind: 'folder', uri: datastoreUri(place, path), mode: 'Download' });
  const inputs: Record<string, JobInput> = {
    config: {
      kind: 'file',
      uri: datastoreUri(place, trainerConfigPath(place.run, phase, request.attempt)),
      mode: 'Download',
    },
    data: folder(request.dataFolder),
    ...(request.resumeFrom === null ? {} : { resume: folder(request.resumeFrom) }),
    ...(request.initFrom === null ? {} : { init: folder(request.initFrom) }),
  };
  const command = [
    trainer.command,
    ...(request.resumeFrom === null ? [] : [trainer.resumeArgument]),
    ...(request.initFrom === null ? [] : [trainer.initArgument]),
  ].join(' ');
  const spec = {
    name,
    experiment: place.run,
    displayName: name,
    command: command
      .replaceAll('{run}', place.run)
      .replaceAll('{phase}', phase)
      .replaceAll('{attempt}', attemptName(attempt)),
    codeId: request.codeId,
    environmentId: request.environmentId,
    cluster: cluster.name,
    nodes: cluster.nodes,
    processesPerNode: cluster.processesPerNode,
    inputs,
    outputs: { run: datastoreUri(place, attemptFolder(place.run, phase, attempt)) },
    environmentVariables: trainer.environmentVariables,
  };
  const tags = {
    'bertha.run': place.run,
    'bertha.chain': request.chain,
    'bertha.attempt': `${phase}/${attemptName(attempt)}`,
    'bertha.spec': contentHash(spec).slice(0, 32),
  };
  // Not part of the spec's hash: it grows shorter with every second, and a repeated submission is the same job.
  return { ...spec, tags, timeoutSeconds: request.affordableSeconds ?? null };
}
