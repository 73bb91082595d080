import type { RunConfig } from '../../domain/config.js';
import { parseConfig } from '../../recipes/load.js';
import { seeded } from '../house/random.js';

export const SMALL = { phases: { p1: 80, p2: 30 }, checkpointEvery: 25 } as const;

/** A run small enough for a test: a tiny model (yet slow enough that a node can be taken between two checkpoints), two phases of a few seconds, the same path through every layer as a large one. */
export function smallConfig(name: string, dump: string): RunConfig {
  return parseConfig(
    `
name: ${name}
azure: { cloud: local, subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: local, workspace: local }
storage: { account: devstoreaccount1, container: bertha, datastore: bertha }
data:
  name: tiny
  source: { account: devstoreaccount1, container: bertha-source }
  prepare: { dump: '${dump}', options: { vocabulary: { trainSize: 256 }, sequenceLengths: [16, 32] } }
cluster: { name: tiny, sku: Standard_DS2_v2, priority: low_priority, nodes: 2, processesPerNode: 1, idleSecondsBeforeScaleDown: 2 }
environment: { name: tiny, image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04, requirements: training/requirements.txt }
trainer:
  recipe: bert
  code: training
  command: >-
    python -m bertha_train --config \${{inputs.config}} --data \${{inputs.data}} --output \${{outputs.run}}
    --run {run} --phase {phase} --attempt {attempt}
  parameters:
    seed: 7
    model: { hiddenSize: 128, layers: 2, attentionHeads: 2, intermediateSize: 512, maxPositions: 32, typeVocabulary: 2, dropout: 0.1, attentionDropout: 0.1, initializerRange: 0.02 }
    optimizer: { name: adamw, learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1.0e-6, weightDecay: 0.01, clipNorm: 1.0 }
    schedule: { name: linear, warmupRatio: 0.1, decayRate: 0.99, decaySteps: 1000 }
    masking: { probability: 0.15, maxPredictions: 5 }
    precision: float32
    threads: 1
phases:
  - { name: p1, steps: ${SMALL.phases.p1}, globalBatch: 96, microBatch: 24, parameters: { sequenceLength: 16 } }
  - { name: p2, steps: ${SMALL.phases.p2}, globalBatch: 32, microBatch: 16, initFrom: p1, parameters: { sequenceLength: 32 } }
checkpoints: { everySteps: ${SMALL.checkpointEvery} }
watch: { pollSeconds: 0.5, heartbeatSeconds: 0.5, metricsSeconds: 0.5 }
model: { name: tiny }
`,
    'small-config.yaml',
  );
}

/** A Wikipedia dump made here: pages of plain sentences from a small vocabulary, the same bytes each time. */
export function smallDump(pages = 60): string {
  const next = seeded(1);
  const draw = (below: number) => Math.floor(next() * below);
  const words = [
    'river',
    'mountain',
    'city',
    'king',
    'music',
    'number',
    'theory',
    'ocean',
    'animal',
    'language',
    'history',
    'river',
    'light',
    'energy',
    'people',
    'island',
  ];
  const word = () => words[Math.min(draw(words.length), draw(words.length))] ?? 'word';
  const sentence = () => `The ${word()} of the ${word()} is a ${word()} that has many a ${word()} and one ${word()}.`;
  const page = (id: number) => {
    const text = Array.from({ length: 12 }, sentence).join(' ');
    return `<page><title>Page ${id}</title><ns>0</ns><id>${id}</id><revision><id>${1000 + id}</id><text xml:space="preserve">${text}</text></revision></page>`;
  };
  return `<mediawiki xml:lang="en">\n${Array.from({ length: pages }, (_, index) => page(index + 1)).join('\n')}\n</mediawiki>\n`;
}
