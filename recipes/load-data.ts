import { PrepareOptionsSchema } from '../corpus/options.js';
import { type DataConfig, dataConfigSchema } from '../domain/config-data-file.js';
import { explain, sentence } from './explain.js';
import { ConfigError, parseConfig, readConfigFile } from './load.js';
import { readSource } from './source.js';

/**
 * Reads the sections azure, storage and data of a config: of a file that holds only them, or of a run config, which is checked whole.
 * @throws ConfigError with every problem found
 */
export function loadDataConfig(file: string): DataConfig {
  const text = readConfigFile(file);
  const source = readSource(text);
  if (source.broken.length > 0 || source.has(['phases'])) {
    const { azure, storage, data } = parseConfig(text, file);
    return { azure, storage, data };
  }
  const parsed = dataConfigSchema.safeParse(source.value, { error: explain, reportInput: true });
  const options = source.has(['data', 'prepare', 'options']) ? optionsOf(source.value) : {};
  const prepared = PrepareOptionsSchema.safeParse(options, { error: explain, reportInput: true });
  const issues = [
    ...(parsed.error?.issues ?? []),
    ...(prepared.error?.issues ?? []).map((issue) => ({
      ...issue,
      path: ['data', 'prepare', 'options', ...issue.path],
    })),
  ];
  if (parsed.success && issues.length === 0) return parsed.data;
  const lines = issues.map((issue) => `${file}:${source.line(issue.path)}: ${sentence(issue, issue.path)}`);
  throw new ConfigError([...new Set(lines)].join('\n'));
}

function optionsOf(value: unknown): unknown {
  return (value as { data: { prepare: { options: unknown } } }).data.prepare.options;
}
