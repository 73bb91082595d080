import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { fieldsOf } from '../../cli/report-fields.js';
import { webhookMessageSchema } from '../../domain/webhook/message.js';
import { installation } from '../../installation.js';
import { fieldTable } from '../../recipes/fields.js';
import { configJsonSchema, dataConfigJsonSchema, schemas } from '../../recipes/json-schema.js';

/**
 * The files that say what a config and a message to a webhook may hold, as the schemas in the code have it: docs/config.schema.json and docs/data-config.schema.json whole, and in
 * docs/config.md and docs/webhook.md what stands between the markers. `node .bertha/build/test/recipes/documents.js` writes them.
 */
export async function schemaDocuments(): Promise<readonly SchemaDocument[]> {
  const json = `${installation}/docs/config.schema.json`;
  const data = `${installation}/docs/data-config.schema.json`;
  const guide = `${installation}/docs/config.md`;
  const webhook = `${installation}/docs/webhook.md`;
  return [
    { file: json, text: await formatted(JSON.stringify(configJsonSchema()), json) },
    { file: data, text: await formatted(JSON.stringify(dataConfigJsonSchema()), data) },
    { file: guide, text: await formatted(withTables(readFileSync(guide, 'utf8')), guide) },
    {
      file: webhook,
      text: await formatted(between(readFileSync(webhook, 'utf8'), 'message', messageTable()), webhook),
    },
  ];
}

/** A file, and the text that it should hold. */
export interface SchemaDocument {
  readonly file: string;
  readonly text: string;
}

function withTables(guide: string): string {
  const { run, preparation, bert } = schemas();
  const tables = { run, preparation, bert };
  return Object.entries(tables).reduce((text, [name, schema]) => between(text, name, fieldTable(schema)), guide);
}

function between(text: string, name: string, table: string): string {
  const [open, close] = [`<!-- fields of ${name} -->`, `<!-- end of ${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start === -1 || end < start) throw new Error(`the page lacks the markers ${open} and ${close}`);
  return `${text.slice(0, start)}${open}\n\n${table}\n\n${text.slice(end)}`;
}

function messageTable(): string {
  const rows = fieldsOf(webhookMessageSchema).map(
    ({ path, type, sentence }) => `| \`${path}\` | ${type.replaceAll('"', '`')} | ${sentence} |`,
  );
  return ['| Field | Kind | What it says |', '| --- | --- | --- |', ...rows].join('\n');
}

async function formatted(text: string, file: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, text } of await schemaDocuments()) writeFileSync(file, text);
}
