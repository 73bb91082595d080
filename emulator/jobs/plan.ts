import { join } from 'node:path';

import { ARTIFACT_CONTAINER, BLOB_STORE } from '../datastores/defaults.js';
import type { Job, JobInput } from '../entities/job.js';
import type { NodeInput, NodeOutput, NodeSpec } from '../nodes/messages.js';
import { freePort } from '../nodes/port.js';
import type { World } from '../world.js';
import { jobEnvironment } from './environment.js';
import { codePlace, placeOf } from './places.js';

/** Folder of a run's artifacts in the artifact container. */
export function artifactPrefix(job: string): string {
  return `ExperimentRun/dcid.${job}`;
}

/** A machine of a start. */
export interface Place {
  nodeId: string;
  /** Its disk. */
  folder: string;
}

/**
 * Works out what each node of a start has to do: addresses resolved to containers and keys, environment, meeting point.
 *
 * @param places the nodes in the order of ranks
 * @throws Error with a sentence for an address that leads nowhere
 */
export async function planNodes(world: World, job: Job, places: readonly Place[]): Promise<NodeSpec[]> {
  const { request } = job;
  const inputs = Object.entries(request.inputs);
  const shared = {
    job: job.name,
    nodes: places.length,
    processes: request.distribution?.processCountPerInstance ?? 1,
    command: request.command,
    literals: Object.fromEntries(inputs.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
    code: request.codeId === null ? null : codePlace(world, request.codeId),
    inputs: inputs.flatMap(([name, input]) => (input.uri === null ? [] : [nodeInput(world, name, input, input.uri)])),
    outputs: Object.entries(request.outputs).map(([name, output]): NodeOutput => {
      const uri = output.uri ?? `azureml://datastores/${BLOB_STORE}/paths/azureml/${job.name}/${name}/`;
      return {
        name,
        mode: output.mode === 'Upload' ? 'upload' : 'mount',
        place: placeOf(world, `output "${name}"`, uri),
      };
    }),
    artifacts: world.storage?.place(ARTIFACT_CONTAINER, artifactPrefix(job.name)) ?? null,
    rendezvous: request.distribution === null ? null : { address: '127.0.0.1', port: await freePort() },
  };
  return places.map(({ nodeId, folder }, rank) => {
    return { ...shared, folder, rank, environment: jobEnvironment(world, job, nodeId, folder) };
  });
}

function nodeInput(world: World, name: string, input: JobInput, uri: string): NodeInput {
  const kind = input.jobInputType === 'uri_file' ? 'file' : 'folder';
  const mode = input.mode === 'Direct' ? 'direct' : 'download';
  return { name, kind, mode, uri, place: placeOf(world, `input "${name}"`, uri) };
}

/** The disk of a machine for one start of a job. */
export function nodeFolder(stateDir: string, nodeId: string, job: Job): string {
  return join(stateDir, 'nodes', nodeId, `${job.runUuid.slice(0, 8)}-${job.attempt}`);
}
