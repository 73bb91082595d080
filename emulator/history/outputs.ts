import { BLOB_STORE } from '../datastores/defaults.js';
import type { AssetVersion } from '../entities/asset.js';
import { isTerminal, type Job, type JobOutput } from '../entities/job.js';
import { dataPlaneFault } from '../http/fault.js';
import { ok, type Call, type Reply } from '../http/route.js';
import { defaultOutput } from '../jobs/wire.js';
import type { World } from '../world.js';

const TYPES: Record<string, string> = { uri_file: 'UriFile', uri_folder: 'UriFolder', mltable: 'MLTable' };

/** The data assets that a run's outputs were registered as: all of a completed run, the artifacts of one that ended otherwise. */
export function runOutputs(world: World, job: Job): object | null {
  if (!isTerminal(job.status)) return null;
  const names = job.status === 'Completed' ? Object.keys(job.request.outputs) : [];
  return Object.fromEntries(
    [...names, 'default'].map((name) => [
      name,
      { assetId: assetId(world, `azureml_${job.name}_output_data_${name}`, '1'), type: typeOf(outputOf(job, name)) },
    ]),
  );
}

/** POST dataversion/batchGetResolvedUris: where data assets lie, those of runs' outputs among them. */
export function resolvedUris(call: Call): Reply {
  const wanted = (call.body as { values?: unknown } | undefined)?.values;
  if (!Array.isArray(wanted)) throw dataPlaneFault(400, 'UserError', 'The field values is missing.', ['BadArgument']);
  const found = wanted.map((id) => [String(id), resolved(call.world, String(id))] as const);
  return ok({ values: Object.fromEntries(found.filter(([, place]) => place !== undefined)) });
}

function resolved(world: World, id: string): object | undefined {
  const [, name = '', version = ''] = /\/data\/([^/]+)\/versions\/([^/]+)$/i.exec(id) ?? [];
  const [, jobName = '', outputName = ''] = /^azureml_(.+)_output_data_(.+)$/.exec(name) ?? [];
  const job = world.jobs.get(jobName);
  const output = job === undefined ? undefined : outputOf(job, outputName);
  if (job !== undefined && output !== undefined) return place(world, uriOf(job, outputName, output), typeOf(output));
  const asset = world.store.collection<AssetVersion>('data').get(`${name}:${version}`);
  if (asset === undefined) return undefined;
  const { dataUri, dataType } = asset.properties;
  return { uri: dataUri, type: TYPES[String(dataType)] ?? 'UriFolder', legacyDatasetType: null };
}

function place(world: World, uri: string, type: string): object {
  const { subscription, resourceGroup, workspace } = world.options;
  const scope = `azureml://subscriptions/${subscription}/resourcegroups/${resourceGroup}/workspaces/${workspace}/datastores/`;
  const inFull = uri
    .replace(/^azureml:\/\/datastores\//, scope)
    .replace(/(\/datastores\/[^/]+)\/(?!paths\/)/, '$1/paths/');
  const needsSlash = type !== 'UriFile' && !inFull.endsWith('/');
  return { uri: needsSlash ? `${inFull}/` : inFull, type, legacyDatasetType: null };
}

function outputOf(job: Job, name: string): JobOutput | undefined {
  return name === 'default' ? defaultOutput(job.name) : job.request.outputs[name];
}

function uriOf(job: Job, name: string, output: JobOutput): string {
  return output.uri ?? `azureml://datastores/${BLOB_STORE}/paths/azureml/${job.name}/${name}/`;
}

function typeOf(output: JobOutput | undefined): string {
  return TYPES[output?.jobOutputType ?? ''] ?? 'UriFolder';
}

function assetId(world: World, name: string, version: string): string {
  return `azureml://locations/${world.options.region}/workspaces/${world.workspaceId}/data/${name}/versions/${version}`;
}
