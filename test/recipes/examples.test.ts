import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { trainerParameters } from '../../domain/trainer-config.js';
import { loadConfig } from '../../recipes/load.js';
import { inRepo } from './places.js';

describe('recipes: the configs of the example trainers', () => {
  for (const name of ['plain', 'huggingface'])
    it(`${name}.yaml is valid, and names a trainer and requirements that are there`, () => {
      const config = loadConfig(inRepo('training', 'examples', `${name}.yaml`));
      const [phase] = config.phases;
      assert.ok(phase);
      assert.equal(config.name, name);
      assert.equal(config.trainer.recipe, 'none');
      assert.match(config.trainer.command, new RegExp(`-m examples\\.${name} `));
      assert.ok(existsSync(inRepo('training', 'examples', `${name}.py`)));
      assert.ok(existsSync(inRepo(config.environment.requirements ?? '')));
      assert.equal(typeof trainerParameters(config, phase)['seed'], 'number');
    });
});
