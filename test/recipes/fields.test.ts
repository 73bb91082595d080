import assert from 'node:assert/strict';
import { z } from 'zod';
import { runConfigSchema } from '../../domain/config.js';
import { bertParametersSchema } from '../../recipes/bert.js';
import type { JsonSchema } from '../../recipes/json-schema.js';
import { textOf, textsBelow } from './places.js';

/** Fields of a schema without those of sections, `model.hiddenSize`. */
function leaves(schema: JsonSchema, prefix = ''): string[] {
  const inner = schema.items ?? schema;
  if (inner.properties === undefined) return [prefix.slice(0, -1)];
  return Object.entries(inner.properties).flatMap(([name, field]) => leaves(field, `${prefix}${name}.`));
}

/** Fields that the trainer's dataclasses declare, from `TrainConfig` downwards, in the config's spelling. */
function declaredFields(python: string, dataclass = 'TrainConfig', prefix = ''): string[] {
  const body = new RegExp(`\\nclass ${dataclass}:\\n((?: {4}\\w+: .*\\n)+)`).exec(python)?.[1];
  assert.ok(body, `the trainer declares ${dataclass}`);
  return [...body.matchAll(/^ {4}(\w+): (\w+)/gm)].flatMap(([, field = '', kind = '']) => {
    const name = `${prefix}${camel(field)}`;
    return python.includes(`\nclass ${kind}:`) ? declaredFields(python, kind, `${name}.`) : [name];
  });
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const last = (field: string) => field.split('.').at(-1) ?? field;

/** Those of the fields that no text reads, as `.field` or out of braces. */
function unread(fields: readonly string[], texts: readonly string[]): string[] {
  const all = texts.join('\n');
  return fields.filter((field) => !new RegExp(`(\\.|[{,] ?)${field}\\b`).test(all));
}

describe('recipes: every field of a config is read', () => {
  const python = textOf('training', 'bertha_train', 'config.py');
  const recipe = leaves(z.toJSONSchema(bertParametersSchema) as JsonSchema);

  it("the recipe's fields are those that the trainer declares, no more and no fewer", () => {
    assert.deepEqual(recipe.toSorted(), declaredFields(python).toSorted());
    assert.ok(recipe.includes('model.attentionHeads'));
  });

  it('the trainer reads each of its fields', () => {
    const code = textsBelow('training', '.py');
    const fields = recipe.map((field) => snake(last(field)));
    assert.deepEqual(unread(fields, code), []);
    assert.deepEqual(unread([...fields, 'num_epochs'], code), ['num_epochs']);
  });

  it("bertha reads each field of the run's own", () => {
    const folders = ['activities', 'azure', 'workflows', 'recipes', 'domain'];
    const code = folders.flatMap((folder) => textsBelow(folder, '.ts'));
    const fields = leaves(z.toJSONSchema(runConfigSchema, { io: 'input' }) as JsonSchema).map(last);
    assert.deepEqual(unread(fields, code), []);
    assert.deepEqual(unread([...fields, 'validationPath'], code), ['validationPath']);
  });
});
