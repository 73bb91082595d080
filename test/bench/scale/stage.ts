import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCluster } from '../../../azure/cluster.js';
import { type AzureConnection, connectAzure } from '../../../azure/connection.js';
import { type Stack, startStack } from '../../../stack/stack.js';
import { ACCOUNT, RUNS_PER_CLUSTER, SKU, SOURCE, TARGET, clusterOf, containerOf, places } from './config.js';
import { EmulatorControl } from './emulator.js';

/** The local stack with nodes that run nothing, and what all runs share: clusters, containers, a dataset, code. */
export interface Stage {
  readonly stack: Stack;
  readonly azure: AzureConnection;
  readonly emulator: EmulatorControl;
  readonly dataset: string;
  readonly code: string;
  /** Process id of a part. */
  pid(part: 'temporal' | 'azurite' | 'azureml' | 'worker'): number;
  stop(): Promise<void>;
}

/** Every part is up but the worker. */
export async function openStage(runs: number): Promise<Stage> {
  const stack = await startStack({
    name: 'bench-scale',
    fresh: true,
    worker: false,
    hollowNodes: true,
    logRequests: true,
  });
  const { places: files } = stack;
  process.env['BERTHA_CLOUDS_DIR'] = files.folder;
  try {
    const azure = connectAzure(TARGET);
    const emulator = new EmulatorControl(stack.azureMlUrl, join(files.tls, 'ca.pem'));
    const code = join(files.folder, 'code');
    mkdirSync(code);
    writeFileSync(join(code, 'train.txt'), 'Nobody trains.\n');
    for (let place = 0; place < places(runs); place += 1) {
      await azure.container(ACCOUNT, containerOf(place)).ensure();
      await makeCluster(azure, clusterOf(place));
    }
    return {
      ...{ stack, azure, emulator, code, dataset: await putDataset(azure) },
      pid: (part) => Number(readFileSync(join(files.processes, part), 'utf8').split(' ')[0]),
      async stop() {
        emulator.close();
        await stack.stop();
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

// A node that is preempted stays listed for a while, and its job wants another.
const makeCluster = (azure: AzureConnection, name: string) =>
  createCluster(azure, {
    ...{ name, region: 'eastus', ...SKU, maxNodes: RUNS_PER_CLUSTER + 10, idleSecondsBeforeScaleDown: 120, tags: {} },
  });

/** A dataset without a sample. @returns its folder */
async function putDataset(azure: AzureConnection): Promise<string> {
  const source = azure.container(ACCOUNT, SOURCE);
  await source.ensure();
  const folder = 'data/none/0000000000000000';
  const vocabulary = '[PAD]\n';
  const sha256 = createHash('sha256').update(vocabulary).digest('hex');
  const manifest = {
    ...{ format: 'bertha-dataset/1', name: 'none', contentId: '0000000000000000', createdFrom: {}, sets: [] },
    vocabulary: { file: 'vocab.txt', size: 1, sha256, special: { pad: 0, unk: 0, cls: 0, sep: 0, mask: 0 } },
    ...{ pages: { in: 0, out: 0, skipped: {} }, unicodeVersion: '15.1' },
  };
  await source.write(`${folder}/vocab.txt`, vocabulary);
  await source.write(`${folder}/manifest.json`, JSON.stringify(manifest));
  return folder;
}
