import assert from 'node:assert/strict';
import { ConfigError, loadConfig, parseConfig } from '../../recipes/load.js';
import { inRepo, textOf } from './places.js';

const demo = textOf('configs', 'demo.yaml');

/** Messages for the demo's config after a change of its text. */
function messages(...changes: readonly (readonly [string, string])[]): string[] {
  const text = changes.reduce((before, [from, to]) => {
    assert.ok(before.includes(from), `the demo's config holds "${from}"`);
    return before.replace(from, to);
  }, demo);
  try {
    parseConfig(text, 'demo.yaml');
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message.split('\n');
  }
  return [];
}

/** `demo.yaml:LINE` of the first line that holds a text. */
const at = (text: string) => `demo.yaml:${demo.slice(0, demo.indexOf(text)).split('\n').length}`;

const unknownField = ['  nodes: 2', '  nodes: 2\n  gpus: 8'] as const;
const wrongBatch = ['globalBatch: 64 #', 'globalBatch: 100 #'] as const;
const unknownRecipe = ['recipe: bert', 'recipe: roberta'] as const;

describe('recipes: what a bad config is told', () => {
  it('says nothing of a good one', () => {
    assert.deepEqual(messages(), []);
  });

  it('an unknown field: where, which, and what to do', () => {
    const line = at('  processesPerNode: 1');
    const words = 'unknown field "gpus" in cluster; remove or correct it (docs/config.md lists every field)';
    assert.deepEqual(messages(unknownField), [`${line}: ${words}`]);
  });

  it('a global batch that cannot be shared out: the sum that does not work', () => {
    const sum = '100 is not a multiple of microBatch 32 x 2 nodes x 1 processes = 64; change one of them';
    assert.deepEqual(messages(wrongBatch), [`${at('globalBatch: 64 #')}: phases[0].globalBatch: ${sum}`]);
  });

  it('an environment that is both to be made and said to exist, or neither', () => {
    const words =
      'environment: name image and requirements of an environment to be made, or the version of one that exists';
    const line = at('  name: bertha-cpu');
    assert.deepEqual(messages(['  image:', '  version: "3"\n  image:']), [`${line}: ${words}`]);
    assert.deepEqual(messages(['  requirements:', '  version: "3"\n  #']), [`${line}: ${words}`]);
    assert.deepEqual(messages(['  requirements:', '  #']), [`${line}: ${words}`]);
  });

  it('an unknown recipe: those there are', () => {
    const words = 'trainer.recipe is "roberta", which is unknown; choose one of bert, none';
    assert.deepEqual(messages(unknownRecipe), [`${at('recipe: bert')}: ${words}`]);
  });

  it('three problems of different kinds are told at once, in the order of their lines', () => {
    const told = messages(unknownField, wrongBatch, unknownRecipe);
    assert.equal(told.length, 3);
    assert.match(told[0] ?? '', /unknown field "gpus"/);
    assert.match(told[1] ?? '', /trainer\.recipe is "roberta"/);
    assert.match(told[2] ?? '', /100 is not a multiple/);
  });

  it('a missing field is missing, not undefined', () => {
    const told = messages(['  workspace: local\n', '']);
    const words = 'azure.workspace is missing; add it (docs/config.md says what it holds)';
    assert.deepEqual(told, [`${at('  cloud: local')}: ${words}`]);
  });

  it('a value of the wrong kind or out of bounds: the value, and what it must be', () => {
    const told = messages(['nodes: 2', 'nodes: two'], ['pollSeconds: 1', 'pollSeconds: 0']);
    assert.deepEqual(told, [
      `${at('nodes: 2')}: cluster.nodes is "two", but must be a number`,
      `${at('pollSeconds: 1')}: watch.pollSeconds is 0, but must be at least 0.5`,
    ]);
  });

  it('a name that cannot be one: the rule', () => {
    const [told] = messages(['name: enwiki-sample', 'name: Enwiki Sample']);
    assert.match(told ?? '', /data\.name is "Enwiki Sample", which cannot be used: a dataset name may hold/);
  });

  it('a wrong parameter common to all phases is told once, where it stands', () => {
    const told = messages(['weightDecay: 0.01', 'weightDecay: -1']);
    const words = 'trainer.parameters.optimizer.weightDecay is -1, but must be at least 0';
    assert.deepEqual(told, [`${at('weightDecay: 0.01')}: ${words}`]);
  });

  it("a wrong parameter of a phase is told at the phase's own line", () => {
    const told = messages(['{ maxPredictions: 10 }', '{ maxPredictions: 0 }']);
    const words = 'phases[1].parameters.masking.maxPredictions is 0, but must be at least 1';
    assert.deepEqual(told, [`${at('{ maxPredictions: 10 }')}: ${words}`]);
  });

  it('an unknown parameter of the recipe is refused', () => {
    const told = messages(['weightDecay: 0.01', 'weightDecay: 0.01\n      momentum: 0.9']);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /unknown field "momentum" in trainer\.parameters\.optimizer; remove or correct it/);
  });

  it('a parameter that the run config decides would be overruled in silence, so it is refused', () => {
    const told = messages(['    seed: 42', '    seed: 42\n    steps: 9']);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /trainer\.parameters\.steps is decided by phases, checkpoints and watch .*remove it/);
  });

  it('a phase whose sequence length is not prepared', () => {
    const [told] = messages(['sequenceLengths: [32, 64]', 'sequenceLengths: [32, 128]']);
    assert.match(told ?? '', /phases\[1\] trains on sequences of 64, but .*sequenceLengths has 32, 128 only; add it/);
  });

  it('a phase whose sequence length is not that of the converted shards', () => {
    const convert = 'convert: { source: { account: old, container: bert }, vocabulary: v.txt, sequenceLength: 64 }';
    const prepare = demo.slice(demo.indexOf('  prepare:'), demo.indexOf('\ncluster:'));
    const [told, ...others] = messages([prepare, `  ${convert}\n`]);
    assert.match(
      told ?? '',
      /phases\[0\] trains on sequences of 32, but data\.convert\.sequenceLength is 64; files of/,
    );
    assert.deepEqual(others, []);
  });

  it('a phase that begins with the model of a later one', () => {
    const [told] = messages(['initFrom: p1', 'initFrom: p3']);
    assert.equal(told, `${at('initFrom: p1')}: phases[1].initFrom: "p3" is not an earlier phase`);
  });

  it('an exponential schedule without its factor', () => {
    const [told] = messages(['name: linear', 'name: exponential']);
    assert.match(
      told ?? '',
      /trainer\.parameters\.schedule\.name is exponential and so needs decayRate and decaySteps/,
    );
  });

  it('a polynomial schedule without its power, and a compiled model that should be equal to the bit', () => {
    assert.match(
      messages(['name: linear', 'name: polynomial'])[0] ?? '',
      /trainer\.parameters\.schedule\.name is polynomial and so needs power; add it/,
    );
    assert.match(
      messages(['    precision: float32', '    precision: float32\n    compile: true'])[0] ?? '',
      /trainer\.parameters\.compile is true, .*; set deterministic to false/,
    );
  });

  it('a text that is no YAML', () => {
    assert.match(messages(['nodes: 2', 'nodes: [2'])[0] ?? '', /^demo\.yaml: not valid YAML: .*line \d+/);
  });

  it('an empty file and a file that is a list', () => {
    assert.throws(
      () => parseConfig('', 'empty.yaml'),
      /^Error: empty\.yaml:1: the config is null, but must be a section/,
    );
    assert.throws(() => parseConfig('- 1', 'list.yaml'), /list\.yaml:1: the config is \[1\], but must be a section/);
  });

  it('a file that cannot be read', () => {
    assert.throws(() => loadConfig(inRepo('configs', 'none.yaml')), /none\.yaml cannot be read: ENOENT/);
  });
});
