import { z } from 'zod';
import { PrepareOptionsSchema } from '../corpus/options.js';
import { dataConfigSchema } from '../domain/config-data-file.js';
import { runConfigSchema } from '../domain/config.js';
import { bertParametersSchema } from './bert.js';
import { decidedFields } from './decided.js';

/** A JSON Schema, as much of it as we look at. */
export interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  $defs?: Record<string, JsonSchema>;
  [keyword: string]: unknown;
}

/** The run config's own fields, those of the preparation, and those of the recipe bert that a config may hold. */
export function schemas(): { run: JsonSchema; preparation: JsonSchema; bert: JsonSchema } {
  const { required = [], properties = {}, ...bert } = jsonSchema(bertParametersSchema);
  const isOwn = (field: string) => !decidedFields.includes(field);
  const own = Object.fromEntries(Object.entries(properties).filter(([field]) => isOwn(field)));
  return {
    run: jsonSchema(runConfigSchema),
    preparation: jsonSchema(PrepareOptionsSchema),
    bert: { ...bert, properties: own, required: required.filter(isOwn) },
  };
}

/**
 * JSON Schema (2020-12) of a config file, for editors: the run config with the preparation's options and, where the recipe is
 * bert, its parameters in their places. Sums between fields are beyond it: `bertha validate` checks them.
 */
export function configJsonSchema(): JsonSchema {
  const { run, preparation, bert } = schemas();
  const options = run.properties?.['data']?.properties?.['prepare']?.properties?.['options'];
  if (options !== undefined) Object.assign(options, preparation, { description: options.description });
  const parameters = { $ref: '#/$defs/bertParameters' };
  const isBert = { properties: { trainer: { properties: { recipe: { const: 'bert' } } } } };
  const places = {
    properties: {
      trainer: { properties: { parameters } },
      phases: { items: { properties: { parameters } } },
    },
  };
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  return { $schema, ...run, if: isBert, then: places, $defs: { ...run.$defs, bertParameters: withoutRequired(bert) } };
}

/** JSON Schema of a config for `bertha data`: the sections of a run config that it has, as they are there. */
export function dataConfigJsonSchema(): JsonSchema {
  const { properties = {} } = configJsonSchema();
  const { description, required = [], ...schema } = jsonSchema(dataConfigSchema);
  const sections = Object.fromEntries(required.flatMap((name) => (properties[name] ? [[name, properties[name]]] : [])));
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  return { $schema, ...(description === undefined ? {} : { description }), ...schema, properties: sections, required };
}

/** Common parameters and a phase's own are laid over each other, so that each may hold a part. */
function withoutRequired({ required: _, ...schema }: JsonSchema): JsonSchema {
  if (schema.properties === undefined) return schema;
  const properties = Object.entries(schema.properties).map(([name, field]) => [name, withoutRequired(field)]);
  return { ...schema, properties: Object.fromEntries(properties) as Record<string, JsonSchema> };
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io: 'input', override: withoutNoise }) as JsonSchema;
  return made;
}

/** Zod says of every whole number that it is a safe one, and of every map that its keys are texts. */
function withoutNoise({ jsonSchema: made }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum;
  if (made.minimum === Number.MIN_SAFE_INTEGER) delete made.minimum;
  delete made.propertyNames;
}
