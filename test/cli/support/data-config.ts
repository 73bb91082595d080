import { type DataConfig, dataConfigSchema } from '../../../domain/config-data-file.js';
import { readSource } from '../../../recipes/source.js';

export { withConfig } from './config.js';

/** A config of data alone, in a cloud that exists nowhere. @param data lines of its data section beside the name */
export function dataConfigText(...data: string[]): string {
  return [
    'azure: { cloud: nowhere, subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: g, workspace: w }',
    'storage: { account: account, container: training, datastore: training }',
    'data:',
    '  name: wiki',
    ...data.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

export function parseDataConfig(text: string): DataConfig {
  return dataConfigSchema.parse(readSource(text).value);
}
