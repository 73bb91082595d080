import { readFileSync } from 'node:fs';
import type { RunConfig } from '../domain/config.js';
import { checkConfig } from './check.js';
import { readSource } from './source.js';

/** A config that cannot be used; `message` has one line per problem, each with file, line, field, what is wrong and what to do. */
export class ConfigError extends Error {}

/**
 * Reads and checks a run config: YAML, schema, the preparation's and the recipe's own parameters.
 * @throws ConfigError with every problem found
 */
export function loadConfig(file: string): RunConfig {
  return parseConfig(readConfigFile(file), file);
}

/** The same for a text; `file` is what the messages call it. */
export function parseConfig(text: string, file: string): RunConfig {
  const source = readSource(text);
  if (source.broken.length > 0) {
    throw new ConfigError(source.broken.map((why) => `${file}: not valid YAML: ${why}`).join('\n'));
  }
  const { config, problems } = checkConfig(source);
  if (config !== null && problems.length === 0) return config;
  const inOrder = problems.toSorted((a, b) => a.line - b.line).map(({ line, words }) => `${file}:${line}: ${words}`);
  throw new ConfigError([...new Set(inOrder)].join('\n'));
}

/** Text of a config file. @throws ConfigError where it cannot be read */
export function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`the config ${file} cannot be read: ${why}`, { cause });
  }
}
