import { type RunConfig, runConfigSchema } from '../../../domain/config.js';
import type { ForecastFacts } from '../../../domain/forecast/facts.js';
import type { VmSize } from '../../../domain/quota.js';

/** BERT-large on 16 nodes of 4 V100, low priority: what microsoft/AzureML-BERT asked for. */
export function reference(changes: { cluster?: object; forecast?: object; cost?: object; checkpoints?: object } = {}) {
  const account = 'account';
  return runConfigSchema.parse({
    name: 'reference',
    azure: { subscriptionId: '00000000-0000-0000-0000-000000000001', resourceGroup: 'group', workspace: 'space' },
    storage: { account, container: 'training', datastore: 'training' },
    data: { name: 'wiki', source: { account, container: 'prepared', prefix: 'data/wiki/0123456789abcdef' } },
    cluster: { name: 'cluster', sku: 'Standard_NC24rs_v3', nodes: 16, processesPerNode: 4, ...changes.cluster },
    environment: { name: 'torch', image: 'image', requirements: 'requirements.txt' },
    trainer: { recipe: 'bert', code: 'training', command: 'python train.py', parameters: PARAMETERS },
    phases: [{ name: 'p1', steps: 187_000, globalBatch: 4096, microBatch: 4, parameters: { sequenceLength: 512 } }],
    checkpoints: changes.checkpoints ?? { everySeconds: 900 },
    model: { name: 'bert' },
    ...(changes.forecast === undefined ? {} : { forecast: changes.forecast }),
    ...(changes.cost === undefined ? {} : { cost: changes.cost }),
  }) satisfies RunConfig;
}

const PARAMETERS = {
  model: {
    hiddenSize: 1024,
    layers: 24,
    attentionHeads: 16,
    intermediateSize: 4096,
    maxPositions: 512,
    typeVocabulary: 2,
  },
  masking: { probability: 0.15, maxPredictions: 80 },
  precision: 'float16',
};

/** What is read where nothing answers. */
export const NOTHING: ForecastFacts = {
  ...{ region: null, sizes: null, usages: null, nodesHeld: 0 },
  ...{ prices: new Map(), measured: [], missing: [] },
};

/** A size that the region offers, at a tenth of its dedicated price as low priority. */
export const size = (
  name: string,
  vCpus: number,
  gpus: number,
  dedicated: number,
  lowPriorityCapable = true,
): VmSize => ({
  ...{ name, family: `${name} family`, vCpus, gpus, lowPriorityCapable, currency: 'USD' },
  pricePerHour: { dedicated, lowPriority: lowPriorityCapable ? dedicated / 5 : null },
});
