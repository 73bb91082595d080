import { z } from 'zod';

/** A field of a JSON document: `phases[].loss.mlm.first`. */
export interface Field {
  readonly path: string;
  readonly type: string;
  readonly sentence: string;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** Every field of a schema in its order, groups before their members. */
export function fieldsOf(schema: z.ZodType): Field[] {
  return walk(z.toJSONSchema(schema, { io: 'output' }) as Schema, '');
}

function walk(schema: Schema, path: string): Field[] {
  const { bare, nullable } = unwrap(schema);
  const own =
    path === ''
      ? []
      : [
          {
            path,
            type: typeOf(bare) + (nullable ? ' or null' : ''),
            sentence: schema.description ?? bare.description ?? '',
          },
        ];
  const group = bare.type === 'array' ? unwrap(bare.items ?? {}).bare : bare;
  const prefix = bare.type === 'array' ? `${path}[].` : path === '' ? '' : `${path}.`;
  const members = Object.entries(group.properties ?? {}).flatMap(([name, member]) => walk(member, `${prefix}${name}`));
  return [...own, ...members];
}

/** `T | null` comes as `anyOf` or as a list of types. */
function unwrap(schema: Schema): { bare: Schema; nullable: boolean } {
  const types = Array.isArray(schema.type) ? (schema.type as readonly string[]) : null;
  if (types !== null)
    return {
      bare: { ...schema, type: types.find((type) => type !== 'null') ?? 'null' },
      nullable: types.includes('null'),
    };
  const choices = schema.anyOf ?? [schema];
  const bare = choices.find(({ type }) => type !== 'null') ?? {};
  return { bare, nullable: choices.some(({ type }) => type === 'null') };
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}s`;
  return String(schema.type ?? 'any');
}
