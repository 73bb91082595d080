import type { JsonSchema } from './json-schema.js';

/** Markdown table of all fields of a schema: name, kind, default and the sentence of each; sections are followed by their fields. */
export function fieldTable(schema: JsonSchema, prefix = ''): string {
  const rows = rowsOf(schema, prefix).map((cells) => `| ${cells.map(escaped).join(' | ')} |`);
  return ['| Field | Kind | Default | What it says |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function rowsOf(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const isRequired = schema.required?.includes(name) === true;
    const row = [`\`${path}\``, kind(field), byDefault(field, isRequired), field.description ?? ''];
    const below = field.items?.properties === undefined ? [field] : [field.items];
    const places = field.items?.properties === undefined ? `${path}.` : `${path}[].`;
    const choices = (field.anyOf ?? []).filter((choice) => choice.properties !== undefined);
    return [row, ...[...below, ...choices].flatMap((inner) => rowsOf(inner, places))];
  });
}

function kind(field: JsonSchema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.anyOf !== undefined) return choicesOf(field.anyOf);
  if (field.type === 'array')
    return field.items?.properties === undefined ? `list: ${kind(field.items ?? {})}` : 'list of sections';
  if (field.type === 'object') return field.properties === undefined ? 'free section' : 'section';
  return `${kinds[field.type ?? ''] ?? 'any'}${range(field)}`;
}

function choicesOf(choices: readonly JsonSchema[]): string {
  const isSections = choices.every(({ properties }) => properties !== undefined);
  return isSections ? 'one of the sections below' : choices.map(kind).join(' or ');
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
};

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const bounds = [
    ...(typeof exclusiveMinimum === 'number' ? [`> ${exclusiveMinimum}`] : []),
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(typeof exclusiveMaximum === 'number' ? [`< ${exclusiveMaximum}`] : []),
    ...(maximum === undefined ? [] : [`≤ ${maximum}`]),
  ];
  return bounds.length === 0 ? '' : ` ${bounds.join(', ')}`;
}

function byDefault({ default: value, properties }: JsonSchema, isRequired: boolean): string {
  if (isRequired) return 'required';
  const hasItsFields = properties !== undefined && value !== undefined && Object.keys(value as object).length === 0;
  if (value === undefined || hasItsFields) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
}

function escaped(cell: string): string {
  return cell.replace(/(?<!`[^`]*)[|<]/g, '\\$&');
}
