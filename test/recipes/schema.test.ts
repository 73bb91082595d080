import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { schemaDocuments } from './documents.js';
import { configFiles, textOf } from './places.js';

describe('recipes: the published schema', () => {
  it('docs/config.schema.json and the tables of docs/config.md say what the code says', async () => {
    for (const { file, text } of await schemaDocuments()) {
      const isUpToDate = readFileSync(file, 'utf8') === text;
      assert.ok(
        isUpToDate,
        `${basename(file)} is out of date; write it anew: node .bertha/build/test/recipes/documents.js`,
      );
    }
  });

  it('has a sentence for every field', () => {
    const bare = fieldsWithoutDescription(JSON.parse(textOf('docs', 'config.schema.json')) as Schema);
    assert.deepEqual(bare, []);
    assert.deepEqual(fieldsWithoutDescription({ properties: { a: {} } }), ['a']);
  });

  const errorsOf = (config: unknown) => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.validate(JSON.parse(textOf('docs', 'config.schema.json')) as object, config);
    return (ajv.errors ?? []).map((error) => `${error.instancePath} ${error.keyword}`).toSorted();
  };

  for (const name of configFiles) {
    it(`accepts ${name}`, () => {
      assert.deepEqual(errorsOf(parse(textOf('configs', name))), []);
    });
  }

  it('refuses unknown fields of the run, of the preparation and of the recipe', () => {
    const config = parse(textOf('configs', 'demo.yaml')) as Demo;
    config.cluster['gpus'] = 8;
    config.data.prepare.options['vocab'] = 1;
    config.phases[0].parameters['momentum'] = 0.9;
    assert.deepEqual(
      errorsOf(config).filter((error) => error.endsWith('additionalProperties')),
      ['/cluster', '/data/prepare/options', '/phases/0/parameters'].map((place) => `${place} additionalProperties`),
    );
  });

  it('leaves the parameters of a trainer of your own alone', () => {
    const config = parse(textOf('configs', 'demo.yaml')) as Demo;
    config.trainer = { ...config.trainer, recipe: 'none', parameters: { anything: { goes: true } } };
    assert.deepEqual(errorsOf(config), []);
  });
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

interface Demo {
  cluster: Record<string, unknown>;
  data: { prepare: { options: Record<string, unknown> } };
  phases: [{ parameters: Record<string, unknown> }];
  trainer: Record<string, unknown>;
}

function fieldsWithoutDescription(schema: Schema): string[] {
  const fields = Object.entries({ ...schema.properties, ...schema.items?.properties });
  const below = [...fields, ...Object.entries(schema.$defs ?? {})];
  return [
    ...fields.filter(([, field]) => field.description === undefined).map(([name]) => name),
    ...below.flatMap(([name, field]) => fieldsWithoutDescription(field).map((inner) => `${name}.${inner}`)),
  ];
}
