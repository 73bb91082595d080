import { definitionAt, type Document, type Placed, type Schema } from './documents.js';
import { flatten, kindsOf } from './flatten.js';

/** A JSON Schema. */
export type JsonSchema = Record<string, unknown> | boolean;

/** Which way a body goes: what may be sent is not all that is answered, and the other way round. */
export type Direction = 'request' | 'answer';

/**
 * Turns Azure's schemas into JSON Schema, each named one once.
 *
 * What Swagger leaves open is closed here: a member that nobody declares is an error. Members go only the ways that
 * `readOnly` and `x-ms-mutability` name. Null is taken where `x-nullable` or `nullable` says so, and nowhere else but in OpenAPI
 * for members that refer to another schema, as it has no way to say so: the service was recorded to answer null for them
 * (history__run_and_children_queued.json: error, createdFrom; command_job__failed_with_run_history_error.json: queueingInfo).
 */
export class Converter {
  private readonly known = new Set<string>();
  private fresh: [string, JsonSchema][] = [];

  constructor(private readonly direction: Direction) {}

  /** The named schemas, by the key that references give, that what was converted since the last call needs beyond those before. */
  take(): [string, JsonSchema][] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }

  /** A schema as it stands in a document. */
  convert(placed: Placed): JsonSchema {
    const { document, schema } = placed;
    const target = schema.$ref === undefined ? undefined : definitionAt(document, schema.$ref);
    const converted = target === undefined ? this.value(placed) : this.reference(target);
    const mayBeNull = isNullable(schema, target?.schema) || (target !== undefined && document.isOpenApi);
    return mayBeNull ? orNull(converted) : converted;
  }

  private reference({ document, schema, name }: Placed & { name: string }): JsonSchema {
    const key = `${document.file.split('/').slice(-2).join('.')}.${name}`;
    if (!this.known.has(key)) {
      // Known before it is made, for a schema may refer to itself.
      this.known.add(key);
      const isBase = schema.discriminator !== undefined;
      const made = isBase ? this.byKind(document, name, schema) : this.value({ document, schema }, name);
      this.fresh.push([key, titled(name, made)]);
    }
    return { $ref: key };
  }

  private value(placed: Placed, name?: string): JsonSchema {
    const { schema } = placed;
    if (schema.properties !== undefined || schema.allOf !== undefined) return this.object(placed, name);
    if (schema.type === 'array')
      return { type: 'array', items: this.convert({ ...placed, schema: schema.items ?? {} }) };
    if (schema.type === 'object') return this.map(placed);
    const { type, format, pattern, minLength, maxLength, minimum, maximum } = schema;
    return defined({ type, enum: schema.enum, format, pattern, minLength, maxLength, minimum, maximum });
  }

  private object(placed: Placed, title?: string): JsonSchema {
    const { members, required, additional } = flatten(placed);
    const going = [...members].filter(([, member]) => this.goes(member));
    const names = new Set(going.map(([name]) => name));
    return {
      type: 'object',
      properties: Object.fromEntries(
        going.map(([name, member]) => [name, titled(title && `${title}.${name}`, this.convert(member))]),
      ),
      required: [...required].filter((name) => names.has(name)),
      additionalProperties: additional === undefined ? false : this.convert(additional),
    };
  }

  // An object without declared members holds what it likes, unless its values are declared.
  private map(placed: Placed): JsonSchema {
    const { additionalProperties } = placed.schema;
    if (typeof additionalProperties !== 'object') return { type: 'object' };
    return { type: 'object', additionalProperties: this.convert({ ...placed, schema: additionalProperties }) };
  }

  private byKind(document: Document, base: string, { discriminator = '' }: Schema): JsonSchema {
    const kinds = kindsOf(document, base);
    const branches = [...kinds].map(([value, name]) => ({
      if: { properties: { [discriminator]: { const: value } }, required: [discriminator] },
      then: this.reference({ document, schema: withoutKinds(document, name), name }),
    }));
    return {
      type: 'object',
      required: [discriminator],
      properties: { [discriminator]: { enum: [...kinds.keys()] } },
      allOf: branches,
    };
  }

  private goes({ document, schema }: Placed): boolean {
    const target = schema.$ref === undefined ? undefined : definitionAt(document, schema.$ref).schema;
    const ways = schema['x-ms-mutability'];
    if (this.direction === 'answer') return ways === undefined || ways.includes('read');
    if (schema.readOnly === true || target?.readOnly === true) return false;
    return ways === undefined || ways.some((way) => way !== 'read');
  }
}

// A kind may have kinds of its own in name only: it is reached by its value, not asked for its kind again.
function withoutKinds(document: Document, name: string): Schema {
  const { discriminator: _, ...schema } = document.definitions[name] ?? {};
  return schema;
}

function isNullable(schema: Schema, target: Schema | undefined): boolean {
  return [schema, target].some((each) => each?.['x-nullable'] === true || each?.nullable === true);
}

// A title leads from an error back to what was declared. What has one already keeps it: null is let in by a schema around.
function titled(title: string | undefined, schema: JsonSchema): JsonSchema {
  if (title === undefined || typeof schema !== 'object') return schema;
  return typeof schema['else'] === 'object'
    ? { ...schema, else: titled(title, schema['else'] as JsonSchema) }
    : { title, ...schema };
}

function orNull(schema: JsonSchema): JsonSchema {
  return { if: { type: 'null' }, else: schema };
}

function defined(schema: Record<string, unknown>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
