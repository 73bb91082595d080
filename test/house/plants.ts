/** One forbidden import: the file that holds it, what it imports, and how the import is written. */
export interface Plant {
  rule: string;
  file: string;
  code: string;
}

const plant = (rule: string, file: string, imported: string): Plant => ({ rule, file, code: value(imported) });

const value = (imported: string): string => `export * from '${imported}';\n`;
const type = (imported: string): string => `export type * from '${imported}';\n`;

/** For each rule the violations that it must catch; one per kind of import it forbids. */
export const plants: Plant[] = [
  plant('domain-is-pure', 'domain/reads-files.ts', 'node:fs'),
  plant('domain-is-pure', 'domain/knows-workflows.ts', '../workflows/good.js'),
  plant('domain-is-pure', 'domain/parses-yaml.ts', 'yaml'),
  plant('workflows-replay', 'workflows/reads-files.ts', 'node:fs'),
  plant('workflows-replay', 'workflows/knows-azure.ts', '../azure/good.js'),
  plant('workflows-replay', 'workflows/knows-recipes.ts', '../recipes/good.js'),
  plant('workflows-replay', 'workflows/starts-workflows.ts', '@temporalio/client'),
  plant('workflows-know-activity-types-only', 'workflows/bundles-activities.ts', '../activities/good.js'),
  plant('activities-know-no-caller', 'activities/knows-cli.ts', '../cli/good.js'),
  plant('activities-know-no-caller', 'activities/knows-worker.ts', '../worker.js'),
  plant('activities-know-workflow-types-only', 'activities/runs-workflows.ts', '../workflows/good.js'),
  plant('azure-serves-domain', 'azure/knows-activities.ts', '../activities/good.js'),
  plant('azure-takes-vendor-packages-only', 'azure/parses-yaml.ts', 'yaml'),
  plant('only-azure-knows-the-vendor', 'activities/knows-blobs.ts', '@azure/storage-blob'),
  plant('only-azure-knows-the-vendor', 'cli/knows-credentials.ts', '@azure/identity'),
  plant('emulator-shares-no-code', 'emulator/knows-domain.ts', '../domain/good.js'),
  plant('emulator-shares-no-code', 'emulator/knows-azure.ts', '../azure/good.js'),
  plant('nobody-imports-the-emulator', 'stack/runs-emulator-inside.ts', '../emulator/good.js'),
  plant('corpus-stands-alone', 'corpus/knows-domain.ts', '../domain/good.js'),
  plant('corpus-takes-few-packages', 'corpus/parses-yaml.ts', 'yaml'),
  plant('recipes-are-data', 'recipes/starts-processes.ts', 'node:child_process'),
  plant('recipes-are-data', 'recipes/knows-azure.ts', '../azure/good.js'),
  plant('cli-goes-through-the-client', 'cli/runs-activities.ts', '../activities/good.js'),
  plant('only-cli-knows-cli', 'client.ts', './cli/good.js'),
  plant('only-cli-starts-the-stack', 'activities/starts-stack.ts', '../stack/good.js'),
  plant('stack-starts-processes', 'stack/knows-workflows.ts', '../workflows/good.js'),
  plant('nobody-imports-tests', 'domain/knows-tests.ts', '../test/good.js'),
  plant('product-needs-no-dev-dependency', 'stack/needs-testing.ts', '@temporalio/testing'),
  plant('set-up-needs-nothing', 'setup/parses-yaml.mjs', 'yaml'),
  plant('no-cycles', 'domain/egg.ts', './hen.js'),
  plant('imports-exist', 'domain/leads-nowhere.ts', './nowhere.js'),
];

/** What stands beside the plants: the imported files, and imports that are allowed and close to forbidden ones. */
export const allowed: Record<string, string> = {
  ...Object.fromEntries(
    ['domain', 'recipes', 'workflows', 'activities', 'azure', 'emulator', 'stack', 'cli', 'test'].map((name) => [
      `${name}/good.ts`,
      'export interface Good { good: true }\nexport const good = 1;\n',
    ]),
  ),
  'worker.ts': value('./activities/good.js'),
  'domain/hen.ts': value('./egg.js'),
  'domain/hashes.ts': value('@noble/hashes/sha2.js') + value('zod'),
  'domain/father.ts': value('./son.js'),
  'domain/son.ts': type('./father.js'),
  'workflows/knows-activity-types.ts':
    type('../activities/good.js') + value('../domain/good.js') + value('@temporalio/workflow'),
  'activities/knows-workflow-types.ts': type('../workflows/good.js') + value('../azure/good.js') + value('node:fs'),
  'azure/knows-vendor.ts': value('@azure/storage-blob') + value('../domain/good.js') + value('node:https'),
  'emulator/knows-blobs.ts': value('@azure/storage-blob'),
  'corpus/good.ts': value('saxes') + value('@foxglove/wasm-bz2'),
  'cli/good.ts': value('../stack/good.js') + value('../domain/good.js') + value('commander'),
  'test/knows-emulator.ts': value('../emulator/good.js'),
};
