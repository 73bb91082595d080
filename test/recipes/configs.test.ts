import assert from 'node:assert/strict';
import { accumulation, type RunConfig, worldSize } from '../../domain/config.js';
import { retiredSku } from '../../domain/skus.js';
import { trainerParameters } from '../../domain/trainer-config.js';
import { findSize } from '../../emulator/locations/sizes.js';
import { parseScenario } from '../../emulator/scenario/schema.js';
import { bertParametersSchema } from '../../recipes/bert.js';
import { loadConfig } from '../../recipes/load.js';
import { configFiles, inRepo, textOf } from './places.js';

const load = (name: string) => loadConfig(inRepo('configs', name));

function parametersOf(config: RunConfig, index = 0) {
  const phase = config.phases[index];
  assert.ok(phase);
  return bertParametersSchema.parse(trainerParameters(config, phase));
}

describe('recipes: the configs that come with bertha', () => {
  it("are the demos, the four of the old recipe and NVIDIA's", () => {
    const large = ['bert-large-multi-node.yaml', 'bert-large-single-node.yaml'];
    const base = ['bert-base-multi-node.yaml', 'bert-base-single-node.yaml'];
    const demos = ['deadline.yaml', 'demo.yaml', 'harsh.yaml', 'recipe-shards.yaml'];
    assert.deepEqual(configFiles, [...base, 'bert-large-lamb.yaml', ...large, ...demos]);
  });

  for (const name of configFiles) {
    it(`${name} is valid, and its run has the name of its file`, () => {
      assert.equal(`${load(name).name}.yaml`, name);
    });

    it(`${name} asks for a size of today that takes low priority, with a process for each GPU`, () => {
      const { sku, priority, processesPerNode } = load(name).cluster;
      const size = findSize(sku);
      assert.equal(retiredSku(sku), null);
      assert.equal(priority, 'low_priority');
      assert.equal(size?.lowPriorityCapable, true);
      assert.equal(processesPerNode, Math.max(1, size.gpus));
    });

    it(`${name} names its schema for editors`, () => {
      assert.equal(
        textOf('configs', name).split('\n')[0],
        '# yaml-language-server: $schema=../docs/config.schema.json',
      );
    });
  }
});

describe('recipes: the four configs of the old recipe', () => {
  const base = { hiddenSize: 768, layers: 12, attentionHeads: 12, intermediateSize: 3072 };
  const large = { hiddenSize: 1024, layers: 24, attentionHeads: 16, intermediateSize: 4096 };
  const pace = {
    base: { steps: 125_000, learningRate: 4e-4, warmupRatio: 0.1, decaySteps: 520 },
    large: { steps: 187_000, learningRate: 2e-4, warmupRatio: 0.02, decaySteps: 1000 },
  };
  const batches = {
    'bert-base-single-node.yaml': { size: 'base', shape: base, gpus: 4, micro: 64, accumulation: 16 },
    'bert-base-multi-node.yaml': { size: 'base', shape: base, gpus: 32, micro: 32, accumulation: 4 },
    'bert-large-single-node.yaml': { size: 'large', shape: large, gpus: 4, micro: 32, accumulation: 32 },
    'bert-large-multi-node.yaml': { size: 'large', shape: large, gpus: 32, micro: 16, accumulation: 8 },
  } as const;

  for (const [name, expected] of Object.entries(batches)) {
    it(`${name}: ${expected.micro} x ${expected.gpus} GPUs x ${expected.accumulation} is a batch of 4,096`, () => {
      const config = load(name);
      const [phase] = config.phases;
      assert.ok(phase);
      assert.equal(config.phases.length, 1);
      assert.equal(worldSize(config), expected.gpus);
      assert.equal(phase.microBatch, expected.micro);
      assert.equal(accumulation(config, phase), expected.accumulation);
      assert.equal(expected.micro * expected.gpus * expected.accumulation, 4096);
      assert.equal(phase.globalBatch, 4096);
    });

    it(`${name}: model, schedule and masks are the recipe's`, () => {
      const p = parametersOf(load(name));
      const { steps, learningRate, warmupRatio, decaySteps } = pace[expected.size];
      const rest = {
        maxPositions: 512,
        typeVocabulary: 2,
        dropout: 0.1,
        attentionDropout: 0.1,
        initializerRange: 0.02,
      };
      assert.deepEqual(p.model, { ...expected.shape, ...rest });
      assert.deepEqual(p.schedule, { name: 'exponential', warmupRatio, decayRate: 0.99, decaySteps });
      assert.deepEqual(p.masking, { probability: 0.15, maxPredictions: 80 });
      assert.deepEqual([p.steps, p.sequenceLength, p.seed], [steps, 512, 42]);
      assert.deepEqual(
        [p.optimizer.learningRate, p.optimizer.weightDecay, p.optimizer.clipNorm],
        [learningRate, 0.01, 1],
      );
    });

    it(`${name}: takes shards that exist, and saves by the clock`, () => {
      const { data, checkpoints } = load(name);
      assert.equal(data.prepare, undefined);
      assert.deepEqual([checkpoints.everySeconds, checkpoints.everySteps], ['auto', undefined]);
    });
  }
});

describe("recipes: NVIDIA's two phases with LAMB", () => {
  const config = load('bert-large-lamb.yaml');

  it('have the batches, steps, lengths and rates of its pretrain_config.sh', () => {
    const found = config.phases.map((phase, index) => {
      const { optimizer, schedule, masking, sequenceLength } = parametersOf(config, index);
      return [
        [sequenceLength, phase.globalBatch, phase.steps, masking.maxPredictions],
        [optimizer.name, optimizer.learningRate, schedule.name, schedule.warmupRatio, schedule.power],
      ];
    });
    assert.deepEqual(found, [
      [
        [128, 65_536, 7_038, 20],
        ['lamb', 6e-3, 'polynomial', 0.2843, 0.5],
      ],
      [
        [512, 32_768, 1_563, 80],
        ['lamb', 4e-3, 'polynomial', 0.128, 0.5],
      ],
    ]);
    assert.deepEqual(
      config.phases.map((phase) => [phase.initFrom, accumulation(config, phase)]),
      [
        [undefined, 32],
        ['p1', 64],
      ],
    );
  });

  it('train BERT-large', () => {
    const { hiddenSize, layers, attentionHeads, intermediateSize } = parametersOf(config).model;
    assert.deepEqual([hiddenSize, layers, attentionHeads, intermediateSize], [1024, 24, 16, 4096]);
  });
});

describe('recipes: the demo', () => {
  it('trains two phases on two nodes, the second from the model of the first, without accumulation', () => {
    const config = load('demo.yaml');
    assert.deepEqual(
      config.phases.map((phase) => [phase.name, phase.initFrom, phase.globalBatch, accumulation(config, phase)]),
      [
        ['p1', undefined, 64, 1],
        ['p2', 'p1', 32, 1],
      ],
    );
    assert.deepEqual([parametersOf(config, 0).sequenceLength, parametersOf(config, 1).sequenceLength], [32, 64]);
    assert.equal(config.cluster.nodes, 2);
  });

  it('loses a node in phase 1 behind a checkpoint, with work in between and the next checkpoint still to come', () => {
    const config = load('demo.yaml');
    const { rules } = parseScenario(textOf('configs', 'demo.scenario.yaml'), 'demo.scenario.yaml');
    const [rule, ...others] = rules;
    const step = rule?.when.json?.atLeast ?? 0;
    const [p1] = config.phases;
    const every = config.checkpoints.everySteps ?? 0;
    assert.deepEqual(others, []);
    assert.deepEqual(rule?.do, { evict: { node: 1, face: 'failed' } });
    assert.ok(step > 2 * every, `${step} lies behind two checkpoints`);
    assert.ok(
      step % every > 0 && step % every <= every / 2,
      `${step} leaves half an interval until the next checkpoint`,
    );
    assert.ok(step < 0.6 * (p1?.steps ?? 0));
  });
});
