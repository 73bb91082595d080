import { WORKSPACE, type Client } from './client.js';

const CLUSTER = 'bench';
const AT_ONCE = 16;

/**
 * Submits jobs that wait for ever: each wants more nodes than the quota allows, so that no process of theirs takes part in
 * what is measured. They look like those of a training: tags, inputs, outputs, environment variables.
 *
 * @returns their names
 */
export async function seedJobs(client: Client, count: number): Promise<string[]> {
  await client.call('PUT', `/computes/${CLUSTER}`, {
    location: 'eastus',
    properties: {
      computeType: 'AmlCompute',
      properties: {
        vmSize: 'Standard_ND96isr_H100_v5',
        vmPriority: 'Dedicated',
        scaleSettings: { minNodeCount: 0, maxNodeCount: 64 },
      },
    },
  });
  const names = Array.from({ length: count }, (_, index) => `bench-${String(index).padStart(5, '0')}`);
  const left = [...names.entries()];
  const submitInTurn = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, name] = next;
      await client.call('PUT', `/jobs/${name}`, jobBody(name, String(index)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitInTurn));
  return names;
}

/** The body of a job of the bench; another `note` changes a tag of it and nothing else. */
export function jobBody(name: string, note: string): object {
  const uri = (path: string): string => `azureml://datastores/workspaceblobstore/paths/${path}`;
  return {
    properties: {
      jobType: 'Command',
      displayName: name,
      experimentName: 'bench',
      tags: { 'bench.run': 'load', 'bench.note': note, 'bench.spec': 'f'.repeat(64) },
      command:
        'python -m training.main --data ${{inputs.data}} --out ${{outputs.checkpoints}} --recipe ${{inputs.recipe}} --seed 1',
      environmentId: `${WORKSPACE}/environments/trainer/versions/1`,
      computeId: `${WORKSPACE}/computes/${CLUSTER}`,
      environmentVariables: { NCCL_DEBUG: 'WARN', OMP_NUM_THREADS: '12', BENCH_INDEX: name },
      inputs: {
        data: { jobInputType: 'uri_folder', mode: 'ReadOnlyMount', uri: uri('data/wikipedia/0123456789abcdef') },
        recipe: { jobInputType: 'literal', value: 'large-batch' },
      },
      outputs: {
        checkpoints: { jobOutputType: 'uri_folder', mode: 'ReadWriteMount', uri: uri(`runs/${name}/attempts/a001`) },
      },
      distribution: { distributionType: 'PyTorch', processCountPerInstance: 8 },
      resources: { instanceCount: 64, shmSize: '64g' },
      limits: { jobLimitsType: 'Command', timeout: 'PT72H' },
    },
  };
}
