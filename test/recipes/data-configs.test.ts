import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { installation } from '../../installation.js';
import { ConfigError } from '../../recipes/load.js';
import { loadDataConfig } from '../../recipes/load-data.js';
import { inRepo, textOf } from './places.js';

const files = readdirSync(inRepo('configs')).filter((name) => name.startsWith('data-'));

describe('recipes: the datasets that come with bertha', () => {
  it('are the sample dumps, plain text and JSON lines', () => {
    const names = ['bulgarian', 'english', 'jsonl', 'latgalian', 'tables', 'text', 'tiny'];
    assert.deepEqual(
      files.sort(),
      names.map((name) => `data-${name}.yaml`),
    );
  });

  for (const name of files) {
    it(`${name} is valid, by its published schema too, and names a file`, () => {
      const { data } = loadDataConfig(inRepo('configs', name));
      const ajv = new Ajv2020({ strict: false, logger: false });
      const schema = JSON.parse(textOf('docs', 'data-config.schema.json')) as object;
      assert.ok(ajv.validate(schema, parse(textOf('configs', name))), ajv.errorsText());
      const dump = data.prepare?.dump ?? '';
      const isShared = dump.startsWith('../shared/');
      assert.ok(isShared || existsSync(resolve(installation, dump)), dump);
    });
  }

  it('may stand in a run config, which is checked whole', () => {
    assert.equal(loadDataConfig(inRepo('configs', 'demo.yaml')).data.name, 'enwiki-sample');
  });

  it('that are wrong are told with line, field and what to do', () => {
    assert.throws(() => loadDataConfig(inRepo('configs', 'demo.scenario.yaml')), ConfigError);
    assert.throws(() => loadDataConfig('nowhere.yaml'), /the config nowhere\.yaml cannot be read/);
  });
});
