import assert from 'node:assert/strict';
import { type NodeKind, nodeKind } from '../../../domain/forecast/hardware.js';
import { type ModelShape, flopsPerSequence, parameterCount } from '../../../domain/forecast/model-size.js';
import { stepSeconds } from '../../../domain/forecast/speed.js';
import type { PhaseWork } from '../../../domain/forecast/work.js';

const common = { maxPositions: 512, typeVocabulary: 2, vocabulary: 30_522 };
const large: ModelShape = { hiddenSize: 1024, layers: 24, intermediateSize: 4096, ...common };
const base: ModelShape = { hiddenSize: 768, layers: 12, intermediateSize: 3072, ...common };

describe('domain: the size of a BERT', () => {
  it('in weights is the published one: 110 million of base and 336 to 340 of large, with both heads', () => {
    assert.ok(Math.abs(parameterCount(base) - 110.1e6) < 0.3e6, String(parameterCount(base)));
    assert.ok(Math.abs(parameterCount(large) - 336.2e6) < 1e6, String(parameterCount(large)));
  });

  it("in operations is DeepSpeed's count of BERT-large: 272 and 52 samples/s are 64 and 53 TFLOP/s", () => {
    const teraflops = (samples: number, length: number, predictions: number) =>
      (samples * flopsPerSequence(large, length, predictions)) / 1e12;
    assert.ok(Math.abs(teraflops(272, 128, 20) - 64) < 3, String(teraflops(272, 128, 20)));
    assert.ok(Math.abs(teraflops(52, 512, 80) - 53) < 1.5, String(teraflops(52, 512, 80)));
  });

  it('grows faster than the sequence, for every token attends to every other', () => {
    const ratio = flopsPerSequence(large, 512, 0) / flopsPerSequence(large, 128, 0);
    assert.ok(ratio > 4.1 && ratio < 5, String(ratio));
  });
});

describe('domain: the speed of a training', () => {
  const work: PhaseWork = {
    ...{ name: 'p1', steps: 100, globalBatch: 4096, samples: 409_600, sequenceLength: 512, tokens: 1 },
    flopsPerSample: flopsPerSequence(large, 512, 77),
    parameters: parameterCount(large),
    precision: 'bfloat16',
  };
  const rate = (sku: string, nodes: number, phase = work) => {
    const step = stepSeconds(phase, { sku, nodes }, []);
    assert.ok(step !== null);
    assert.ok(step.best <= step.typical && step.typical <= step.worst);
    const perGpu = (seconds: number) => phase.globalBatch / seconds / (nodes * (nodeKind(sku) as NodeKind).gpus);
    return { best: perGpu(step.best), typical: perGpu(step.typical), worst: perGpu(step.worst) };
  };

  it('of BERT-large on one V100 or A100 spans what others measured, 52 and near 180 samples/s at 512 tokens', () => {
    const v100 = rate('Standard_NC6s_v3', 1);
    const a100 = rate('Standard_NC24ads_A100_v4', 1);
    assert.ok(v100.worst < 35 && v100.best > 65, JSON.stringify(v100));
    assert.ok(v100.worst < 52 && 52 < v100.best);
    assert.ok(a100.worst < 100 && a100.best > 175, JSON.stringify(a100));
  });

  it('of a GPU falls where gradients go through Ethernet, and hardly where they go through InfiniBand', () => {
    const alone = rate('Standard_NC96ads_A100_v4', 1).typical;
    assert.ok(rate('Standard_NC96ads_A100_v4', 16).typical < 0.95 * alone);
    assert.ok(rate('Standard_ND96asr_v4', 16).typical > 0.95 * alone);
  });

  it('in float32 does without the matrix units', () => {
    const single = rate('Standard_ND96asr_v4', 1, { ...work, precision: 'float32' }).typical;
    assert.ok(single < rate('Standard_ND96asr_v4', 1).typical / 5);
  });

  it('that was measured on the same size goes before any estimate, in proportion to the nodes', () => {
    const measured = [{ sku: 'standard_nd96asr_v4', nodes: 4, samplesPerSecond: { p1: 4096 }, source: 'a run' }];
    const seconds = (sku: string, nodes: number) => stepSeconds(work, { sku, nodes }, measured)?.typical;
    assert.equal(seconds('Standard_ND96asr_v4', 4), 1);
    assert.equal(seconds('Standard_ND96asr_v4', 2), 2);
    assert.notEqual(seconds('Standard_ND40rs_v2', 4), 1);
    assert.notEqual(
      stepSeconds({ ...work, name: 'p2' }, { sku: 'Standard_ND96asr_v4', nodes: 4 }, measured)?.typical,
      1,
    );
  });

  it('is not known of a CPU size, nor of a model that no recipe tells', () => {
    assert.equal(stepSeconds(work, { sku: 'Standard_DS2_v2', nodes: 2 }, []), null);
    assert.equal(stepSeconds({ ...work, flopsPerSample: null }, { sku: 'Standard_ND96asr_v4', nodes: 2 }, []), null);
  });
});
